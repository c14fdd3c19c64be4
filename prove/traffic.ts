/**
 * The source of one trial: payments that are a function of the seed, written while the job runs and dies. Every few
 * chunks a transaction of junk is aborted, which the job must not see. Event time jumps ahead with each record and no
 * record is late; closing records, far in the future, let every window before them close.
 */
import { randomNumbers } from '../demo/traffic.ts'
import type { SourceClient } from './source-client.ts'

export const NUM_PARTITIONS = 2
const NUM_ACCOUNTS = 7
const FIRST_EVENT_MS = Date.UTC(2025, 5, 1, 12)
const STEP_MS = 20
const MAX_DELAY_MS = 900
const CLOSING_MS = 3_600_000
const CHUNK = 20
const PERIOD_MS = 40
/** A trial that goes on for minutes must not fill the disk. */
const MAX_RECORDS = 40_000

const sqlTimestamp = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')

export class Traffic {
  readonly #client: SourceClient
  readonly #topic: string
  readonly #random: () => number
  /** Between two chunks. */
  periodMs = PERIOD_MS
  #numChunks = 0
  #next = 0
  #pumping: Promise<void> | null = null
  readonly #failed = Promise.withResolvers<never>()
  #stopped = false

  constructor(client: SourceClient, topic: string, seed: number) {
    this.#client = client
    this.#topic = topic
    this.#random = randomNumbers(seed)
    this.#failed.promise.catch(() => {})
  }

  get numRecords(): number {
    return this.#next
  }

  /** Never resolves; rejects when records can no longer be written. */
  get failed(): Promise<never> {
    return this.#failed.promise
  }

  #record(paidAtMs: number, partition: number) {
    const id = this.#next++
    const account = `a${Math.floor(this.#random() ** 2 * NUM_ACCOUNTS)}`
    const amount = Math.floor(this.#random() * 100)
    return { partition, value: JSON.stringify({ id, account, amount, paid_at: sqlTimestamp(paidAtMs) }) }
  }

  async #sendChunk(): Promise<void> {
    const messages = Array.from({ length: CHUNK }, () => {
      const newestMs = FIRST_EVENT_MS + this.#next * STEP_MS
      return this.#record(newestMs - Math.floor(this.#random() * MAX_DELAY_MS), this.#partition())
    })
    await this.#client.send(this.#topic, messages)
    if (this.#numChunks++ % 8 === 2) await this.#sendJunk()
  }

  #partition = () => Math.floor(this.#random() * NUM_PARTITIONS)

  /** Would change every window if it were read. */
  async #sendJunk(): Promise<void> {
    const paid_at = sqlTimestamp(FIRST_EVENT_MS + this.#next * STEP_MS)
    const messages = Array.from({ length: 3 }, () => ({
      partition: this.#partition(),
      value: JSON.stringify({ id: -1, account: 'junk', amount: 1_000_000, paid_at }),
    }))
    await this.#client.sendAborted(this.#topic, messages)
  }

  /** Writes chunk after chunk until `pause` or `finish`. */
  start(): void {
    this.#stopped = false
    this.#pumping ??= this.#pump()
    this.#pumping.catch(this.#failed.reject)
  }

  async #pump(): Promise<void> {
    while (!this.#stopped && this.#next < MAX_RECORDS) {
      await this.#sendChunk()
      await new Promise(resolve => setTimeout(resolve, this.periodMs))
    }
  }

  /** One payment by hand, large enough for both sinks, while the pump does not run. */
  async writeOne(): Promise<void> {
    const paid_at = sqlTimestamp(FIRST_EVENT_MS + this.#next * STEP_MS)
    const value = JSON.stringify({ id: this.#next++, account: 'single', amount: 50, paid_at })
    await this.#client.send(this.#topic, [{ partition: this.#partition(), value }])
  }

  /** Ends the pump after its chunk. */
  async pause(): Promise<void> {
    this.#stopped = true
    await this.#pumping
    this.#pumping = null
  }

  /** The last records: one of each partition that closes all windows before it. */
  async finish(): Promise<void> {
    await this.pause()
    const closesAt = FIRST_EVENT_MS + this.#next * STEP_MS + CLOSING_MS
    const messages = Array.from({ length: NUM_PARTITIONS }, (_, p) => this.#record(closesAt, p))
    // Twice is no matter: they open a window that nothing closes.
    while (!(await this.#client.send(this.#topic, messages))) {}
  }
}
