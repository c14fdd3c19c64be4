/** An aggregate as data: names, signatures, result type, documentation. Accumulators live in src/runtime/aggregates. */
import type { LogicalType } from '../../types/index.ts'
import type { ArgumentInfo } from '../resolution.ts'

export interface AggregateSpec {
  /** Canonical name first. Upper case. */
  readonly names: readonly [string, ...string[]]
  /** Grammar in ../signature.ts. */
  readonly signatures: readonly string[]
  readonly inferReturn?: (args: readonly ArgumentInfo[]) => LogicalType
  /** Whether a group without (non-NULL) input gives NULL. */
  readonly nullable: boolean
  readonly doc: string
}
