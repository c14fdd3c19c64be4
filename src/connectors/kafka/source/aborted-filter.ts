/**
 * read_committed at batch level (kafka-exactly-once.md §3.3). A response lists every aborted transaction that
 * overlaps it, in completion order; sorted by first offset they become active as batches pass, until their abort
 * marker. Commit markers change nothing: a producer may have several aborted entries.
 */
import { isMutated } from '../../../failpoints/failpoints.ts'

export class AbortedFilter {
  readonly #entries: { readonly producerId: number; readonly firstOffset: number }[] = []
  readonly #active = new Set<number>()
  #next = 0

  /** Starts on a response; `aborted` holds pairs of producer id and first offset. */
  reset(aborted: readonly number[]): void {
    this.#active.clear()
    this.#entries.length = 0
    this.#next = 0
    if (isMutated('no-aborted-filter')) return
    for (let i = 0; i < aborted.length; i += 2)
      this.#entries.push({ producerId: aborted[i]!, firstOffset: aborted[i + 1]! })
    this.#entries.sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** For every batch in order: those transactions that begin in or before it are active now. */
  advance(lastOffset: number): void {
    for (; this.#next < this.#entries.length; this.#next++) {
      const { producerId, firstOffset } = this.#entries[this.#next]!
      if (firstOffset > lastOffset) return
      this.#active.add(producerId)
    }
  }

  /** An abort marker ends the producer's aborted transaction. */
  abortMarker(producerId: number): void {
    this.#active.delete(producerId)
  }

  isAborted(producerId: number): boolean {
    return this.#active.has(producerId)
  }
}
