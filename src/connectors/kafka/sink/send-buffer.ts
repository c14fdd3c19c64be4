/**
 * Bytes written but not acknowledged, over everything that shares a producer: what the brokers take in a second
 * (DrainLimit), at most `buffer.memory`. And the batch builders that are free again: they outlive the transactions,
 * so that their buffers need not grow anew.
 */
import { DrainLimit } from '../../../metrics/drain-limit.ts'
import { RecordBatchBuilder } from '../records/record-batch-builder.ts'

const MAX_SPARE_BUILDERS = 128
const LEAST_BYTES = 256 * 1024

export class SendBuffer {
  readonly #limit: DrainLimit
  readonly #builders: RecordBatchBuilder[] = []
  #used = 0
  #waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null

  constructor(memory: number) {
    this.#limit = new DrainLimit(LEAST_BYTES, memory)
  }

  get used(): number {
    return this.#used
  }

  take(bytes: number): void {
    if (this.#used === 0) this.#limit.begin()
    this.#used += bytes
  }

  acknowledged(bytes: number): void {
    this.#limit.taken(bytes)
    this.giveUp(bytes)
  }

  /** Nobody will send these bytes any more. */
  giveUp(bytes: number): void {
    this.#used -= bytes
    if (this.#used < this.#limit.bytes) this.release()
  }

  takeBuilder(): RecordBatchBuilder {
    return this.#builders.pop() ?? new RecordBatchBuilder()
  }

  /** Only after the broker has acknowledged its batch, or nobody will send it any more. */
  giveBuilder(builder: RecordBatchBuilder): void {
    builder.reset()
    if (this.#builders.length < MAX_SPARE_BUILDERS) this.#builders.push(builder)
  }

  /** Lets every waiter go on: there is room, or they must learn of an error. */
  release(): void {
    this.#waiting?.resolve()
    this.#waiting = null
  }

  /** null when there is room. */
  room(): Promise<void> | null {
    if (this.#used < this.#limit.bytes) return null
    if (this.#waiting === null) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting = { promise, resolve }
    }
    return this.#waiting.promise
  }
}
