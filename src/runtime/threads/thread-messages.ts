/** What the host and a worker thread say to each other about one attempt of a job; everything is structured-cloned. */
import type { MessagePort } from 'node:worker_threads'
import type { StoredCheckpoint } from '../../checkpoint/checkpoint-store.ts'
import type { AcknowledgedSubtask } from '../../checkpoint/pending-checkpoint.ts'
import type { SplitState } from '../../connectors/contract/index.ts'
import type { LogFields } from '../../logger/logger.ts'
import type { PlanGraph } from '../../planner/plan-graph/plan-graph.ts'
import type { JobConfig } from '../job/job-config.ts'
import type { SubtaskReport } from '../job/subtask-report.ts'
import type { ErrorData } from './error-data.ts'
import type { ThreadPlan } from './thread-plan.ts'

/** Begins an attempt's part in a worker thread. */
export interface OpenAttempt {
  readonly request: ThreadRequest
  /** For commands and events. */
  readonly port: MessagePort
  /** To the other threads of the job. */
  readonly links: readonly { readonly thread: number; readonly port: MessagePort }[]
}

export interface ThreadRequest {
  readonly ownThread: number
  readonly plan: ThreadPlan
  readonly graph: PlanGraph
  readonly config: JobConfig
  readonly restored: StoredCheckpoint | null
  /** By scan node id. */
  readonly initialSplits: ReadonlyMap<string, readonly SplitState[]>
}

/** Host to worker. */
export type ThreadCommand =
  | { readonly kind: 'run' }
  | { readonly kind: 'trigger'; readonly checkpointId: number }
  | { readonly kind: 'pause-after-barrier' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'report' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'close' }

/** Worker to host. */
export type ThreadEvent =
  | { readonly kind: 'built' }
  | { readonly kind: 'changed'; readonly isDirty: boolean }
  | {
      readonly kind: 'acknowledged'
      readonly checkpointId: number
      readonly part: AcknowledgedSubtask
      /** Above every number of arrival that the states hold. */
      readonly lastArrival: number
    }
  | { readonly kind: 'drained' }
  | { readonly kind: 'reports'; readonly reports: readonly SubtaskReport[] }
  | { readonly kind: 'stopped'; readonly reports: readonly SubtaskReport[] }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly error: ErrorData }
  | {
      readonly kind: 'log'
      readonly level: 'debug' | 'info' | 'warn' | 'error'
      readonly message: string
      readonly fields: LogFields
    }
