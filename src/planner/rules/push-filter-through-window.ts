import { conjunction, conjuncts, inputsRead, isVolatile } from '../expression-rewrite.ts'
import { filter } from '../logical/index.ts'
import { nodeRule } from './rule.ts'

/**
 * Filter(Window(x)) → the conditions that do not read window columns move below the window function. Safe,
 * because windows are assigned per row.
 */
export const pushFilterThroughWindow = nodeRule('push-filter-through-window', node => {
  if (node.kind !== 'Filter' || node.input.kind !== 'WindowTableFunction') return node
  const window = node.input
  const numColumns = window.input.output.length
  const isBelow = (e: (typeof node)['condition']) =>
    !isVolatile(e) && inputsRead(e).every(i => i < numColumns)
  const all = conjuncts(node.condition)
  const below = conjunction(all.filter(isBelow))
  if (below === null) return node
  const pushed = { ...window, input: filter(window.input, below) }
  const rest = conjunction(all.filter(e => !isBelow(e)))
  return rest === null ? pushed : filter(pushed, rest)
})
