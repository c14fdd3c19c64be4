import { isTrueLiteral } from '../expression-rewrite.ts'
import { nodeRule } from './rule.ts'

/** Filter(TRUE) → its input. */
export const removeTrueFilters = nodeRule('remove-true-filters', node =>
  node.kind === 'Filter' && isTrueLiteral(node.condition) ? node.input : node,
)
