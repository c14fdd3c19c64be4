/** The public API of the library. Everything else is internal and may change. */

export { type ErrorDetails, type ErrorFamily, MillraceError, type SourcePosition } from './errors/index.ts'
export type { LogFields, Logger } from './logger/logger.ts'
export type { Job, JobResult, JobStatus, RecoverySummary } from './runtime/job/job.ts'
export type { JobMetrics, OperatorMetrics, SourceStatus, TaskStatus } from './runtime/job/job-metrics.ts'
export type { Change } from './session/changelog-queue.ts'
export {
  type ExecuteOptions,
  type Execution,
  Millrace,
  type MillraceOptions,
  type SinkTableOptions,
  type SourceTableOptions,
} from './session/millrace.ts'
export type { Query } from './session/query.ts'
export type { JsRow, JsValue } from './types/js-value.ts'
export type { RowKind } from './types/row-kind.ts'
export { version } from './version/version.ts'
