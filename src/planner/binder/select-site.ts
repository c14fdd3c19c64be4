import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { Expression, FunctionCall } from '../../parser/index.ts'
import type { ExpressionSite } from './bind-expression.ts'
import type { Scope } from './scope.ts'

/** Expressions over the rows of FROM. */
export const rowSite = (
  scope: Scope,
  clause: string,
  intercept?: (e: Expression) => BoundExpression | undefined,
): ExpressionSite => ({
  clause,
  column: reference => scope.resolve(reference),
  ...(intercept === undefined ? {} : { intercept }),
})

/** Every function call in an expression, outermost first; subqueries are not entered. */
export function* callsIn(e: unknown): Generator<FunctionCall> {
  if (typeof e !== 'object' || e === null) return
  if (Array.isArray(e)) {
    for (const part of e) yield* callsIn(part)
    return
  }
  const node = e as { readonly kind?: string }
  if (node.kind === 'Query') return
  if (node.kind === 'FunctionCall') yield node as FunctionCall
  for (const [key, part] of Object.entries(node)) if (key !== 'position') yield* callsIn(part)
}
