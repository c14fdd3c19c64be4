/**
 * Watermarks per split of one source subtask, and idleness (design.md §3). The subtask's watermark is the
 * minimum over splits that are neither idle, nor finished, nor never held a record. Evidence can only prevent
 * idleness: a split is idle when it has been read to its end *and* has been silent for the timeout. When all are
 * idle the subtask stands at the maximum they have reached, so that it does not matter which one fell silent first.
 */
import type { SplitStatus } from '../../connectors/contract/index.ts'
import { MAX_WATERMARK, MIN_WATERMARK } from '../channels/stream-element.ts'

interface SplitTime {
  watermark: number
  lastActiveMs: number
  idle: boolean
  /** Whether it held the watermark back at the last `update`. */
  holds: boolean
}

/** With so few splits `update` costs nothing that matters. */
const FEW_SPLITS = 8

export interface SplitWatermark {
  readonly split: string
  readonly watermark: number | null
}

export class SplitWatermarks {
  readonly #idleTimeoutMs: number
  readonly #steadyNow: () => number
  readonly #splits = new Map<string, SplitTime>()
  /** The lowest watermark behind the minimum at the last `update`, and batches since then. */
  #second = MAX_WATERMARK
  #numFollowed = 0
  #numSplits = 0
  /** The subtask's watermark; never goes back. */
  current = MIN_WATERMARK
  /** Whether no split can move the watermark now. */
  idle = false
  /** The split that holds the minimum, for the live view and the logs. */
  heldBy: string | null = null

  /** `steadyNow` is a clock nobody sets: a step of the wall clock makes no split idle. */
  constructor(idleTimeoutMs: number, steadyNow: () => number) {
    this.#idleTimeoutMs = idleTimeoutMs
    this.#steadyNow = steadyNow
  }

  #time(split: string): SplitTime {
    let time = this.#splits.get(split)
    if (time === undefined) {
      time = { watermark: MIN_WATERMARK, lastActiveMs: this.#steadyNow(), idle: false, holds: false }
      this.#splits.set(split, time)
    }
    return time
  }

  /** Rows of `split` came, with this maximum (or -Infinity). */
  observe(split: string, watermark: number): void {
    const time = this.#time(split)
    time.lastActiveMs = this.#steadyNow()
    time.idle = false
    if (watermark > time.watermark) time.watermark = watermark
  }

  /**
   * Takes a batch of `split` that was just observed into account without a look at the other splits: what they say may
   * have changed since the last `update` only so that they hold nothing back. False where that does not do, and
   * at times, for such changes must not wait for ever; then `update` must be called.
   */
  follow(split: string): boolean {
    if (this.#numSplits <= FEW_SPLITS || ++this.#numFollowed >= this.#numSplits) return false
    const time = this.#time(split)
    if (!time.holds) return false
    if (split !== this.heldBy) return true
    if (time.watermark > this.#second) return false
    this.current = Math.max(this.current, time.watermark)
    return true
  }

  /** Recomputes minimum and idleness from what the reader says of its splits. */
  update(statuses: readonly SplitStatus[]): void {
    const now = this.#steadyNow()
    let minimum = MAX_WATERMARK
    let second = MAX_WATERMARK
    let reached = MIN_WATERMARK
    let heldBy: string | null = null
    let numHolding = 0
    for (const status of statuses) {
      const time = this.#time(status.split)
      const silent = this.#idleTimeoutMs > 0 && now - time.lastActiveMs >= this.#idleTimeoutMs
      time.idle = status.caughtUp && silent
      time.holds = !(time.idle || status.finished || status.neverHeldRecords)
      if (time.idle && !status.finished) reached = Math.max(reached, time.watermark)
      if (!time.holds) continue
      numHolding++
      if (time.watermark < minimum || heldBy === null) {
        second = minimum
        minimum = time.watermark
        heldBy = status.split
      } else if (time.watermark < second) second = time.watermark
    }
    this.#second = second
    this.#numFollowed = 0
    this.#numSplits = statuses.length
    this.idle = numHolding === 0
    this.heldBy = heldBy
    this.current = Math.max(this.current, numHolding > 0 ? minimum : reached)
  }

  /** How long from now until `update` must be called again for idleness to be seen; Infinity = never. */
  idleCheckDelayMs(): number {
    if (this.#idleTimeoutMs <= 0) return Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const time of this.#splits.values()) {
      if (!time.idle) next = Math.min(next, time.lastActiveMs + this.#idleTimeoutMs)
    }
    return Math.max(next - this.#steadyNow(), Math.min(50, this.#idleTimeoutMs))
  }

  snapshot(): readonly SplitWatermark[] {
    return [...this.#splits].map(([split, time]) => ({
      split,
      watermark: Number.isFinite(time.watermark) ? time.watermark : null,
    }))
  }

  restore(splits: readonly SplitWatermark[], current: number): void {
    for (const { split, watermark } of splits) if (watermark !== null) this.#time(split).watermark = watermark
    this.current = current
  }
}
