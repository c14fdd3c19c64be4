import { conjunction } from '../expression-rewrite.ts'
import { filter } from '../logical/index.ts'
import { nodeRule } from './rule.ts'

/** Filter(Filter(x)) → one Filter; the inner condition stays first. */
export const mergeFilters = nodeRule('merge-filters', node => {
  if (node.kind !== 'Filter' || node.input.kind !== 'Filter') return node
  return filter(node.input.input, conjunction([node.input.condition, node.condition])!)
})
