/**
 * The access log: a fixed sequence of records for a seed, and the answer to ip_count.sql over it. Event time runs
 * ten times faster than the clock and every record is up to 4,999 ms behind the newest one before it, so no record
 * is late under the query's watermark of 5 s.
 */

export const NUM_PARTITIONS = 3
export const NUM_IPS = 1000
export const WINDOW_MS = 5000
const SPEED = 10
const MAX_DELAY_MS = 4999
const FIRST_EVENT_MS = Date.UTC(2025, 5, 1, 12)
const HOUR_MS = 3_600_000
/** The address of the closing records; their window stays open, so it must not appear in the sink. */
export const CLOSING_IP = '192.0.2.1'

export interface TrafficRecord {
  readonly partition: number
  readonly eventMs: number
  readonly ip: string
  readonly value: string
}

/** `[window start in epoch ms, ip, count]`. */
export type TruthRow = readonly [windowStart: number, ip: string, count: number]

export interface Truth {
  readonly rows: readonly TruthRow[]
  /** Records of real traffic. */
  readonly numRecords: number
  /** The records that only close the windows, one per partition. */
  readonly numClosing: number
}

/** mulberry32: 32 bits of state, uniform in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const sqlTimestamp = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
const paths = ['/', '/login', '/api/items', '/api/orders', '/static/app.js', '/health']

export class Traffic {
  readonly numRecords: number
  readonly #rate: number
  readonly #random: () => number
  readonly #counts = new Map<string, number>()
  #next = 0

  constructor(seed: number, rate: number, seconds: number) {
    this.#random = randomNumbers(seed)
    this.#rate = rate
    this.numRecords = rate * seconds
  }

  get done(): boolean {
    return this.#next === this.numRecords
  }

  /** The records that are due `elapsedMs` after the start, at most `limit`, in the order to be written. */
  take(elapsedMs: number, limit: number): TrafficRecord[] {
    const due = Math.min(this.numRecords, Math.floor((elapsedMs * this.#rate) / 1000), this.#next + limit)
    const records: TrafficRecord[] = []
    while (this.#next < due) records.push(this.#make(this.#next++))
    return records
  }

  #make(index: number): TrafficRecord {
    const newestMs = FIRST_EVENT_MS + Math.floor((index * 1000 * SPEED) / this.#rate)
    const eventMs = newestMs - Math.floor(this.#random() * (MAX_DELAY_MS + 1))
    // The square makes some addresses much busier than others.
    const host = Math.floor(this.#random() ** 2 * NUM_IPS)
    const ip = `10.0.${host >> 8}.${host & 255}`
    const partition = Math.floor(this.#random() * NUM_PARTITIONS)
    const path = paths[Math.floor(this.#random() * paths.length)]
    const key = `${eventMs - (eventMs % WINDOW_MS)} ${ip}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    const status = this.#random() < 0.02 ? 500 : 200
    return record(
      partition,
      eventMs,
      ip,
      JSON.stringify({ event_time: sqlTimestamp(eventMs), ip, path, status }),
    )
  }

  /** One record per partition, an hour after everything else: closes every window of the real traffic. */
  closing(): TrafficRecord[] {
    const eventMs = FIRST_EVENT_MS + Math.floor((this.numRecords * 1000 * SPEED) / this.#rate) + HOUR_MS
    const value = JSON.stringify({
      event_time: sqlTimestamp(eventMs),
      ip: CLOSING_IP,
      path: '/',
      status: 200,
    })
    return Array.from({ length: NUM_PARTITIONS }, (_, partition) =>
      record(partition, eventMs, CLOSING_IP, value),
    )
  }

  /** The right answer over every record taken so far. */
  truth(): Truth {
    const rows = [...this.#counts].map(([key, count]): TruthRow => {
      const [start, ip] = key.split(' ')
      return [Number(start), ip!, count]
    })
    return { rows, numRecords: this.#next, numClosing: NUM_PARTITIONS }
  }
}

const record = (partition: number, eventMs: number, ip: string, value: string): TrafficRecord => ({
  partition,
  eventMs,
  ip,
  value,
})
