import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { countInputs, growsTooMuch, isVolatile, substitute } from '../expression-rewrite.ts'
import { nodeRule } from './rule.ts'

/** Project(Project(x)) → one Project, unless a volatile or large expression would be evaluated more than once. */
export const mergeProjects = nodeRule('merge-projects', node => {
  if (node.kind !== 'Project' || node.input.kind !== 'Project') return node
  const inner = node.input
  if (duplicatesVolatile(node.projections, inner.projections)) return node
  if (growsTooMuch(node.projections, inner.projections)) return node
  return {
    ...node,
    input: inner.input,
    projections: node.projections.map(e => substitute(e, inner.projections)),
  }
})

/** Whether merging `outer` over `inner` would evaluate one volatile expression more than once per row. */
export function duplicatesVolatile(
  outer: readonly BoundExpression[],
  inner: readonly BoundExpression[],
): boolean {
  const counts = new Map<number, number>()
  for (const e of outer) countInputs(e, counts)
  return inner.some((e, i) => (counts.get(i) ?? 0) > 1 && isVolatile(e))
}
