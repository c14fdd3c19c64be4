import type { SourcePosition } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { FunctionCall } from '../../parser/index.ts'
import { bigintType } from '../../types/index.ts'
import { inputRef } from '../expression-rewrite.ts'
import { bindError, unsupported } from './bind-error.ts'
import { bindExpression, type ExpressionSite } from './bind-expression.ts'

/** Stands for the row number's column until the width of the plan below it is known. */
export const RANK_SLOT = 1_000_000

export interface RankedRows {
  readonly partitionBy: readonly BoundExpression[]
  readonly orderBy: readonly {
    readonly e: BoundExpression
    readonly ascending: boolean
    readonly nullsFirst: boolean
  }[]
  readonly number: BoundExpression
  /** Equal for equal windows: one SELECT may name one row number twice. */
  readonly identity: string
  readonly position: SourcePosition
}

/** ROW_NUMBER() OVER (PARTITION BY … ORDER BY …). NULLs come first ascending and last descending, as in Flink. */
export function bindRowNumber(e: FunctionCall, site: ExpressionSite): RankedRows {
  if (e.args.length > 0) throw bindError('MR_BIND_OVER', 'ROW_NUMBER takes no arguments', e.args[0]!.position)
  const window = e.over!
  if (window.kind === 'WindowReference') {
    throw unsupported(
      'the WINDOW clause is not supported yet',
      window.position,
      'write the window behind OVER',
    )
  }
  if (window.frame !== undefined) {
    throw bindError('MR_BIND_OVER', 'ROW_NUMBER takes no ROWS or RANGE', window.position)
  }
  if (window.orderBy.length === 0) {
    throw bindError('MR_BIND_OVER', 'ROW_NUMBER() OVER needs an ORDER BY', window.position, {
      expected: ['OVER (PARTITION BY window_start, window_end ORDER BY x DESC)'],
    })
  }
  const partitionBy = window.partitionBy.map(key => bindExpression(key, site))
  const orderBy = window.orderBy.map(item => ({
    e: bindExpression(item.expression, site),
    ascending: !item.descending,
    nullsFirst: item.nulls === undefined ? !item.descending : item.nulls === 'FIRST',
  }))
  return {
    partitionBy,
    orderBy,
    number: inputRef(RANK_SLOT, bigintType(false)),
    identity: JSON.stringify([partitionBy, orderBy]),
    position: e.position,
  }
}
