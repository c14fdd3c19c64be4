/** What a job needs to know of the session's configuration, already typed and checked. Times in ms. */
import type { Resume } from '../../checkpoint/recovery.ts'
import type { RestartStrategyConfig } from './restart-strategy.ts'

export interface CheckpointConfig {
  /** 0 = off. */
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly minPauseMs: number
  readonly tolerableFailures: number
  readonly numRetained: number
  /** Whether a canceled job leaves no checkpoint behind. */
  readonly deleteOnCancel: boolean
  /** `execution.checkpointing.data-inline-threshold`. */
  readonly inlineBytes: number
}

export interface JobConfig {
  readonly checkpointing: CheckpointConfig
  readonly restart: RestartStrategyConfig
  /** `execution.buffer-timeout`. */
  readonly bufferTimeoutMs: number
  readonly maxParallelism: number
  /** `millrace.threads`: worker threads for the jobs of this process. */
  readonly numThreads: number | 'auto'
  /** Directory of this job's state; null = no state is kept (top-level SELECT without checkpointing). */
  readonly stateDirectory: string | null
  readonly resume: Resume
  readonly ignoreUnclaimedState: boolean
  /** Raw SET keys, for connectors. */
  readonly raw: Readonly<Record<string, string>>
}
