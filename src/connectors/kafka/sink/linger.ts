/**
 * When a batch that is not full goes out. With `linger.ms`: when it is that old, as in Java. Without, it adapts: at once
 * while nothing is on its way to its broker (rows of one turn of the event loop go together), else with the answer that is
 * awaited. So low load does not wait, and at full load batches fill while others are under way: a big one waits for the
 * answer of its own partition only. So does every batch of a transaction, which nobody would see earlier. The end of a
 * window of WINDOW_MS takes whatever still waits.
 */
import type { PartitionQueue } from './partition-queue.ts'

const WINDOW_MS = 5
/** So much in a few turns is a high load, where more is to come soon. */
const MUCH_BYTES = 32 * 1024

export interface LingerOwner {
  readonly queues: readonly PartitionQueue[]
  readonly inTransaction: boolean
  /** Whether a request is on its way to the leader of the partition. */
  isBusy(queue: PartitionQueue): boolean
  /** Closes the batches being filled. */
  close(queues: readonly PartitionQueue[]): void
}

export class Linger {
  readonly #owner: LingerOwner
  readonly #turnEnded = (): void => {
    this.#turn = null
    this.#closeDue(false)
  }
  readonly #windowEnded = (): void => {
    this.#window = null
    this.#closeDue(true)
  }
  readonly #timeCame = (): void => {
    this.#timer = null
    this.#closeDue(false)
  }
  #turn: NodeJS.Immediate | null = null
  #window: NodeJS.Timeout | null = null
  /** For the oldest batch with `linger.ms`. */
  #timer: NodeJS.Timeout | null = null
  #timerAt = 0

  constructor(owner: LingerOwner) {
    this.#owner = owner
  }

  /** Rows have been written. */
  wrote(): void {
    let adapts = false
    for (const queue of this.#owner.queues) {
      if (queue.builder.isEmpty) continue
      const { lingerMs } = queue.options
      if (lingerMs === null) adapts = true
      else if (queue.dueAt === 0) queue.dueAt = performance.now() + lingerMs
    }
    if (adapts) this.#window ??= setTimeout(this.#windowEnded, WINDOW_MS)
    if (adapts && !this.#owner.inTransaction) this.#turn ??= setImmediate(this.#turnEnded)
    this.#arm()
  }

  /** The batch in flight of this partition was acknowledged. */
  acknowledged(queue: PartitionQueue): void {
    if (!queue.builder.isEmpty) queue.hasWaited = true
  }

  /** A request was answered, and what it answered is acknowledged. */
  answered(): void {
    this.#closeDue(false)
  }

  #closeDue(windowEnds: boolean): void {
    const due = this.#owner.queues.filter(queue => mayFollow(queue) && this.#isDue(queue, windowEnds))
    if (due.length > 0) this.#owner.close(due)
    this.#arm()
  }

  #isDue(queue: PartitionQueue, windowEnds: boolean): boolean {
    if (queue.options.lingerMs !== null) return performance.now() >= queue.dueAt
    if (windowEnds || queue.hasWaited) return true
    return !this.#owner.inTransaction && queue.builder.length < MUCH_BYTES && !this.#owner.isBusy(queue)
  }

  /** Looks again when the next batch with `linger.ms` is old enough. */
  #arm(): void {
    let dueAt = Number.POSITIVE_INFINITY
    for (const queue of this.#owner.queues)
      if (queue.options.lingerMs !== null && mayFollow(queue)) dueAt = Math.min(dueAt, queue.dueAt)
    if (dueAt === Number.POSITIVE_INFINITY || (this.#timer !== null && dueAt >= this.#timerAt)) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#timeCame, Math.max(0, dueAt - performance.now()))
    this.#timerAt = dueAt
  }

  stop(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    if (this.#window !== null) clearTimeout(this.#window)
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#turn = null
    this.#window = null
    this.#timer = null
  }
}

/** There is something to close, and nothing of the partition is before it. */
const mayFollow = (queue: PartitionQueue): boolean =>
  !queue.builder.isEmpty && queue.inFlight === null && queue.closed.length === 0
