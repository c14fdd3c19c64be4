/**
 * The plan graph: what the planner hands to the runtime, and what every checkpoint's manifest stores. Plain
 * JSON, no functions, no BigInt. The runtime knows nothing of SQL text, catalogs or rules.
 *
 * Node ids outlive edits of the query (design.md §4): they are made of sink table, logical path, keys and an
 * ordinal, never of positions in the plan. Nodes are in topological order, inputs before users.
 */
import type { TableSchema } from '../../catalog/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { LogicalType } from '../../types/index.ts'

export const PLAN_VERSION = 1

export interface PlanGraph {
  readonly version: typeof PLAN_VERSION
  /** The job's name (design.md §4, job identity). */
  readonly name: string
  readonly parallelism: number
  /** IANA zone of `table.local-time-zone`; all kernels of the job use it. */
  readonly timeZone: string
  readonly nodes: readonly PlanNode[]
}

export interface OutputField {
  readonly name: string
  readonly type: LogicalType
  /** Set on columns that carry a watermark or stand for processing time. */
  readonly timeAttribute?: 'rowtime' | 'proctime'
}

/** How rows reach a subtask of the user. `forward` needs equal parallelism and chains the two nodes. */
export type Exchange =
  | { readonly kind: 'forward' }
  | { readonly kind: 'hash'; readonly keys: readonly number[] }
  | { readonly kind: 'singleton' }
  | { readonly kind: 'rebalance' }

export interface PlanInput {
  readonly node: string
  readonly exchange: Exchange
}

/** The change kinds a node's output may carry beside +I. */
export interface ChangeKinds {
  readonly updateBefore: boolean
  readonly updateAfter: boolean
  readonly delete: boolean
}

interface NodeBase {
  readonly id: string
  /** A short human name for metrics and the live view: `Scan(ip_count_source)`. */
  readonly label: string
  readonly inputs: readonly PlanInput[]
  readonly output: readonly OutputField[]
  readonly changes: ChangeKinds
  readonly parallelism: number
  /** Columns that identify a row of the changelog, if any. */
  readonly upsertKey?: readonly number[]
}

export interface TableRef {
  readonly path: readonly [string, string, string]
  /** Options after hints; secrets included, so never print them without `redactOptions`. */
  readonly options: Readonly<Record<string, string>>
  readonly schema: TableSchema
}

/** A column the connector must produce, before computed columns. */
export type ScanColumn =
  /** A physical column; `path` reaches into nested ROWs when only one field is needed. */
  | { readonly kind: 'physical'; readonly name: string; readonly type: LogicalType }
  | { readonly kind: 'metadata'; readonly key: string; readonly type: LogicalType }

/**
 * Reads a table. Per row of `columns`: the watermark expression is evaluated first (also for rows the
 * condition then drops), then `condition`, then `projections` make the output row.
 */
export interface ScanNode extends NodeBase {
  readonly kind: 'Scan'
  readonly table: TableRef
  readonly columns: readonly ScanColumn[]
  readonly watermark: ScanWatermark | null
  readonly condition: BoundExpression | null
  readonly projections: readonly BoundExpression[]
  readonly bounded: boolean
}

export interface ScanWatermark {
  /** Over `columns`; epoch ms after the type's storage; NULL is ignored. */
  readonly expression: BoundExpression
  /** 0 = never idle. */
  readonly idleTimeoutMs: number
  readonly emit: 'on-periodic' | 'on-event'
}

/** Constant rows (VALUES, SELECT without FROM). */
export interface ValuesNode extends NodeBase {
  readonly kind: 'Values'
  readonly rows: readonly (readonly BoundExpression[])[]
}

export interface CalcNode extends NodeBase {
  readonly kind: 'Calc'
  readonly condition: BoundExpression | null
  readonly projections: readonly BoundExpression[]
}

export interface UnionNode extends NodeBase {
  readonly kind: 'Union'
}

/** Sizes in ms. Windows are [start, end); start = offset + k × (size | slide | step). */
export type WindowSpec =
  | { readonly kind: 'tumble'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'hop'; readonly slideMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'cumulate'; readonly stepMs: number; readonly sizeMs: number; readonly offsetMs: number }

export interface WindowTime {
  readonly window: WindowSpec
  /** Input column of the time attribute; -1 = processing time. */
  readonly timeColumn: number
  readonly attribute: 'rowtime' | 'proctime'
  /** TIMESTAMP_LTZ windows align in the job's time zone; TIMESTAMP windows in UTC arithmetic. */
  readonly localTimeZone: boolean
}

/** A window TVF without an aggregate directly above: appends window_start, window_end, window_time. */
export interface WindowTableFunctionNode extends NodeBase {
  readonly kind: 'WindowTableFunction'
  readonly time: WindowTime
}

export interface AggregateCall {
  /** Canonical name in the aggregate registry: COUNT, SUM, MIN, MAX, AVG … COUNT(*) has no arguments. */
  readonly function: string
  readonly arguments: readonly number[]
  readonly distinct: boolean
  /** A BOOLEAN input column of FILTER (WHERE …), or null. */
  readonly filter: number | null
  readonly type: LogicalType
}

export type WindowProperty = 'start' | 'end' | 'time'

/** When a window speaks: at its end only, or also early and for late rows (`table.exec.emit.*`). */
export interface EmitStrategy {
  readonly allowedLatenessMs: number
  /** null = no early firing; 0 = on every row. */
  readonly earlyDelayMs: number | null
  /** null = late rows within the lateness fire at once; otherwise at most every so many ms. */
  readonly lateDelayMs: number | null
}

/**
 * Output row: keys, aggregate results, window properties, in that order. Emits final rows when the watermark
 * passes the window end (end - 1 ms), and updates where `emit` asks for them.
 */
export interface WindowAggregateNode extends NodeBase {
  readonly kind: 'WindowAggregate'
  readonly time: WindowAssignment
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  readonly properties: readonly WindowProperty[]
  readonly emit: EmitStrategy
  /** Whether the input carries −U/−D, so that accumulators must retract. */
  readonly inputRetracts: boolean
  /** Whether the subtasks of the input aggregate their own rows first; the exchange then carries groups. */
  readonly localPhase: boolean
}

export type WindowAssignment =
  | ({ readonly kind: 'assign' } & WindowTime)
  /** The rows already carry window bounds (cascading windows with the same bounds). */
  | {
      readonly kind: 'attached'
      readonly startColumn: number
      readonly endColumn: number
      readonly localTimeZone: boolean
    }

export interface GroupAggregateNode extends NodeBase {
  readonly kind: 'GroupAggregate'
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  readonly inputRetracts: boolean
  /** `table.exec.state.ttl`; 0 = keep for ever. */
  readonly stateTtlMs: number
}

export interface SortKey {
  readonly column: number
  readonly ascending: boolean
  readonly nullsFirst: boolean
}

/** ROW_NUMBER() over (window, partition) with rn between `from` and `to`; final rows only. */
export interface WindowTopNNode extends NodeBase {
  readonly kind: 'WindowTopN'
  readonly startColumn: number
  readonly endColumn: number
  readonly localTimeZone: boolean
  readonly partitionKeys: readonly number[]
  readonly sortKeys: readonly SortKey[]
  readonly from: number
  readonly to: number
  /** Whether the row number is the last output column. */
  readonly outputRowNumber: boolean
}

/** Turns an upsert stream into a full changelog by keeping the last row of each key. */
export interface ChangelogNormalizeNode extends NodeBase {
  readonly kind: 'ChangelogNormalize'
  readonly keys: readonly number[]
  readonly stateTtlMs: number
}

/** One column the sink writes, by position in the input. */
export type SinkColumn =
  | { readonly kind: 'physical'; readonly name: string; readonly type: LogicalType }
  | { readonly kind: 'metadata'; readonly key: string; readonly type: LogicalType }

export interface SinkNode extends NodeBase {
  readonly kind: 'Sink'
  readonly table: TableRef
  /** Input column i is written as columns[i]; casts were done by a Calc below. */
  readonly columns: readonly SinkColumn[]
  /** Input positions of the primary key, if the table has one. */
  readonly primaryKey: readonly number[] | null
  readonly notNullEnforcer: 'error' | 'drop'
}

/** Hands rows to a caller: a top-level SELECT. */
export interface CollectNode extends NodeBase {
  readonly kind: 'Collect'
}

export type PlanNode =
  | ScanNode
  | ValuesNode
  | CalcNode
  | UnionNode
  | WindowTableFunctionNode
  | WindowAggregateNode
  | GroupAggregateNode
  | WindowTopNNode
  | ChangelogNormalizeNode
  | SinkNode
  | CollectNode

export type PlanNodeKind = PlanNode['kind']
export type PlanNodeOf<K extends PlanNodeKind> = Extract<PlanNode, { kind: K }>
