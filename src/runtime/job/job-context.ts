/** The JobContext one attempt gives its connectors. */
import type { Lease } from '../../checkpoint/lease.ts'
import type { JobContext } from '../../connectors/contract/index.ts'
import type { Format } from '../../formats/format.ts'
import type { Logger } from '../../logger/logger.ts'
import type { JobConfig } from './job-config.ts'

interface Closable {
  close(): Promise<void>
}

export class AttemptContext implements JobContext {
  readonly jobName: string
  readonly timeZone: string
  readonly logger: Logger
  readonly checkpointIntervalMs: number
  readonly checkpointTimeoutMs: number
  readonly config: Readonly<Record<string, string>>
  readonly findFormat: (name: string) => Format | undefined
  readonly fail: (error: unknown) => void
  readonly #lease: Lease | null
  readonly #shared = new Map<string, Closable>()

  constructor(options: {
    readonly jobName: string
    readonly timeZone: string
    readonly logger: Logger
    readonly config: JobConfig
    readonly lease: Lease | null
    findFormat(name: string): Format | undefined
    fail(error: unknown): void
  }) {
    this.jobName = options.jobName
    this.timeZone = options.timeZone
    this.logger = options.logger
    this.checkpointIntervalMs = options.config.checkpointing.intervalMs
    this.checkpointTimeoutMs = options.config.checkpointing.timeoutMs
    this.config = options.config.raw
    this.findFormat = options.findFormat
    this.fail = options.fail
    this.#lease = options.lease
  }

  shared<T extends Closable>(key: string, create: () => T): T {
    const existing = this.#shared.get(key)
    if (existing !== undefined) return existing as T
    const created = create()
    this.#shared.set(key, created)
    return created
  }

  async checkLease(): Promise<void> {
    await this.#lease?.check()
  }

  /** Closes shared objects, newest first; a failing close is logged, the others still close. */
  async close(): Promise<void> {
    for (const [key, shared] of [...this.#shared].reverse()) {
      await shared
        .close()
        .catch(error => this.logger.warn('closing failed', { what: key, reason: String(error) }))
    }
    this.#shared.clear()
  }
}
