/**
 * The source of a soak: records at a steady rate whose event time is the clock, and what the windows over them must
 * hold. Truth is kept per window until it has been compared, so that an hour of it fits.
 */
import { randomNumbers } from '../demo/traffic.ts'

export const NUM_PARTITIONS = 3
export const WINDOW_MS = 5_000
const NUM_DEVICES = 200
/** Sessions change every so often; the job keeps their state for its TTL longer. */
const SESSION_MS = 5_000
const NUM_SESSIONS = 2_000
/** Less than the watermark's second: no record is late. */
const MAX_DELAY_MS = 999
const MAX_NOTE_CHARS = 60
const HOUR_MS = 3_600_000
/** Its windows stay open, so it must not appear in the sink. */
const CLOSING_DEVICE = 'closing'

export interface TrafficRecord {
  readonly partition: number
  readonly value: string
}

export interface WindowTruth {
  num: number
  total: number
}

const sqlTimestamp = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
export const windowKey = (windowStartMs: number, device: string): string => `${windowStartMs} ${device}`

export class Traffic {
  readonly #random: () => number
  readonly #rate: number
  readonly #startMs: number
  /** Windows not yet seen in the sink. */
  readonly open = new Map<string, WindowTruth>()
  numRecords = 0
  numWindowRows = 0

  constructor(seed: number, rate: number, startMs: number) {
    this.#random = randomNumbers(seed)
    this.#rate = rate
    this.#startMs = startMs
  }

  /** What is due at `nowMs`, at most `limit`. */
  take(nowMs: number, limit: number): TrafficRecord[] {
    const numDue = Math.floor(((nowMs - this.#startMs) * this.#rate) / 1000)
    const count = Math.min(numDue - this.numRecords, limit)
    return Array.from({ length: Math.max(0, count) }, () => this.#next())
  }

  #whole(below: number): number {
    return Math.floor(this.#random() * below)
  }

  #next(): TrafficRecord {
    const newestMs = this.#startMs + Math.floor((this.numRecords++ * 1000) / this.#rate)
    const eventMs = newestMs - this.#whole(MAX_DELAY_MS + 1)
    const device = `d${this.#whole(NUM_DEVICES)}`
    const amount = this.#whole(1_000)
    const key = windowKey(eventMs - (eventMs % WINDOW_MS), device)
    const truth = this.open.get(key)
    if (truth === undefined) {
      this.open.set(key, { num: 1, total: amount })
      this.numWindowRows++
    } else {
      truth.num++
      truth.total += amount
    }
    const session = `s${Math.floor(newestMs / SESSION_MS)}-${this.#whole(NUM_SESSIONS)}`
    const note = String.fromCharCode(97 + this.#whole(26)).repeat(this.#whole(MAX_NOTE_CHARS))
    return this.#record(this.#whole(NUM_PARTITIONS), {
      device,
      session,
      note,
      amount,
      ts: sqlTimestamp(eventMs),
    })
  }

  #record(partition: number, fields: object): TrafficRecord {
    return { partition, value: JSON.stringify(fields) }
  }

  /** One record per partition, an hour on: closes every window of the traffic. */
  closing(nowMs: number): TrafficRecord[] {
    const fields = { device: CLOSING_DEVICE, session: CLOSING_DEVICE, note: '', amount: 0 }
    const ts = sqlTimestamp(nowMs + HOUR_MS)
    return Array.from({ length: NUM_PARTITIONS }, (_, partition) =>
      this.#record(partition, { ...fields, ts }),
    )
  }
}
