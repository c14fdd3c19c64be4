/** The partitions of one fetch loop while they are silent, as the watch of all jobs sees them. */
import type { FetchedPartition } from '../requests/fetch.ts'
import { splitId } from '../requests/offsets.ts'
import type { IdleReader, IdleWatch, WatchedPosition } from '../transport/idle-watch.ts'
import type { PartitionCursor } from './partition-cursor.ts'

export class IdlePartitions implements IdleReader {
  readonly #watch: IdleWatch
  readonly #woken: () => void
  #cursors: ReadonlyMap<string, PartitionCursor> = new Map()
  #isWatched = false
  partitions: readonly WatchedPosition[] = []
  /** The watch let go of them for an error. */
  hadTrouble = false

  /** `woken`: the watch has let go of the partitions, which are to be fetched again. */
  constructor(watch: IdleWatch, woken: () => void) {
    this.#watch = watch
    this.#woken = woken
  }

  /** Nothing has come for long, and all are at their end. They are to be fetched on until they are covered. */
  enter(cursors: readonly PartitionCursor[]): void {
    if (this.#isWatched && this.#are(cursors)) return
    this.leave()
    this.#cursors = new Map(cursors.map(cursor => [cursor.split, cursor]))
    this.partitions = cursors.map(({ topic, partition, fetchOffset: offset }) => ({
      topic,
      partition,
      offset,
    }))
    this.hadTrouble = false
    this.#isWatched = this.#watch.add(this)
  }

  leave(): void {
    if (this.#isWatched) this.#watch.remove(this)
    this.#isWatched = false
  }

  /** Whether the watch asks for exactly these, so that they need not be fetched. */
  areCovered(cursors: readonly PartitionCursor[]): boolean {
    return this.#isWatched && this.#are(cursors) && this.#watch.covers(this)
  }

  #are(cursors: readonly PartitionCursor[]): boolean {
    return cursors.length === this.#cursors.size && cursors.every(({ split }) => this.#cursors.has(split))
  }

  isNews(answer: FetchedPartition): boolean {
    return this.#cursors.get(splitId(answer))?.isNews(answer) === true
  }

  wake(isTrouble: boolean): void {
    this.#isWatched = false
    this.hadTrouble = isTrouble
    this.#woken()
  }
}
