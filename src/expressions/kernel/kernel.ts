/**
 * The compiled form of a chain: one loop over the columns that filters and projects (and, in a scan, takes the
 * maximum of the watermark expression). Made by `compileCalc(spec, environment)` in compile-calc.ts; compiled
 * kernels are cached by signature, bounded, per isolate.
 */
import type { Batch, LogicalType } from '../../types/index.ts'
import type { BoundExpression } from '../bound-expression.ts'

export interface KernelEnvironment {
  /** IANA zone of `table.local-time-zone`. */
  readonly timeZone: string
  /** Processing time for PROCTIME(), CURRENT_TIMESTAMP …: epoch ms, read once per batch. */
  now(): number
  /** CURRENT_WATERMARK: epoch ms, or -Infinity before the first. */
  currentWatermark(): number
}

export interface CalcSpec {
  readonly inputTypes: readonly LogicalType[]
  /** Rows for which it is not TRUE are dropped. */
  readonly condition: BoundExpression | null
  readonly projections: readonly BoundExpression[]
  /** Evaluated for every input row, before the condition; NULL is ignored. */
  readonly watermark: BoundExpression | null
}

export interface CalcKernel {
  /**
   * The rows that pass, projected; row kinds are carried over. Borrowed: reused by the next call. Columns that
   * are projected unchanged from a batch of which every row passes may be the input's own. Length may be 0.
   * Throws MillraceError (family 'runtime') when an expression fails on a row (CAST, division by zero …).
   */
  process(batch: Batch): Batch
  /** Maximum of the watermark expression over the last `process` call, epoch ms; -Infinity if it was always NULL. */
  readonly maxWatermark: number
}
