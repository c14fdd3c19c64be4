/**
 * The contract of connectors. A connector is one object in `src/connectors/registry.ts`; it resolves a table's
 * capabilities for the planner and builds sources and sinks for the runtime.
 */
import type { OptionSpec, TableCapabilities, TableSchema } from '../../catalog/index.ts'
import type { Format } from '../../formats/format.ts'
import type { Logger } from '../../logger/logger.ts'
import type { LogicalType } from '../../types/index.ts'
import type { Sink } from './sink.ts'
import type { Source, SourceColumnRequest } from './source.ts'

export interface TableDefinition {
  /** Name as the user knows it, for messages. */
  readonly name: string
  readonly options: Readonly<Record<string, string>>
  readonly schema: TableSchema
}

/** Everything a connector may use of its job. */
export interface JobContext {
  readonly jobName: string
  /** IANA zone of `table.local-time-zone`. */
  readonly timeZone: string
  readonly logger: Logger
  /** 0 = checkpointing is off. */
  readonly checkpointIntervalMs: number
  readonly checkpointTimeoutMs: number
  /** `pipeline.auto-watermark-interval` and friends are the runtime's; other `SET` keys a connector may need. */
  readonly config: Readonly<Record<string, string>>
  findFormat(name: string): Format | undefined
  /** One shared object per key and job (connections, transaction groups); closed with the job. */
  shared<T extends { close(): Promise<void> }>(key: string, create: () => T): T
  /** Must hold before a step that could harm another owner; rejects when the lease was lost. */
  checkLease(): Promise<void>
  /** Fails the job from a background task: the only way an error outside a call may go. */
  fail(error: unknown): void
}

export interface SourceRequest {
  readonly table: TableDefinition
  /** In the order of the batches' columns. */
  readonly columns: readonly SourceColumnRequest[]
  /** Stable id of the scan, part of state keys. */
  readonly id: string
}

export interface SinkRequest {
  readonly table: TableDefinition
  /** Input column i is written as columns[i]. */
  readonly columns: readonly {
    readonly kind: 'physical' | 'metadata'
    readonly name: string
    readonly type: LogicalType
  }[]
  /** Positions of the primary key in `columns`, or null. */
  readonly primaryKey: readonly number[] | null
  /** Whether rows may be other than inserts. */
  readonly updating: boolean
}

export interface Connector {
  readonly name: string
  readonly options: readonly OptionSpec[]
  /** Its sources read objects of the host: they run in the host's thread. */
  readonly staysInHost?: true
  /**
   * Checks the options and says what the table can do. Throws MillraceError (family 'validation' or 'config')
   * with the option's name; never touches the network.
   */
  capabilities(table: TableDefinition, findFormat: (name: string) => Format | undefined): TableCapabilities
  /** Loads what only a running job needs; awaited before createSource and createSink. */
  load?(): Promise<void>
  createSource?(request: SourceRequest, job: JobContext): Source
  createSink?(request: SinkRequest, job: JobContext): Sink
}
