import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { OutputField, ScanColumn, ScanWatermark, TableRef } from '../plan-graph/plan-graph.ts'

/**
 * Reads a table. A scan holds its own filter and projection, so that everything pushed into it is in one place:
 * `watermark`, `condition` and `projections` are over `columns`, which are what the connector must produce.
 */
export interface Scan {
  readonly kind: 'Scan'
  readonly table: TableRef
  /** Equal for scans that read the same rows with the same time: table and all options. */
  readonly identity: string
  readonly columns: readonly ScanColumn[]
  readonly watermark: ScanWatermark | null
  readonly condition: BoundExpression | null
  readonly projections: readonly BoundExpression[]
  readonly source: ScanSource
  readonly output: readonly OutputField[]
}

/** What the connector said of this table as a source. */
export interface ScanSource {
  readonly bounded: boolean
  readonly changelogMode: 'insert' | 'upsert' | 'retract'
}

export const scan = (node: Omit<Scan, 'kind'>): Scan => ({ kind: 'Scan', ...node })
