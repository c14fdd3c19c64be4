import { conjunction, isVolatile, substitute } from '../expression-rewrite.ts'
import { nodeRule } from './rule.ts'

/**
 * Filter(Scan) → Scan with a condition. Not into an upsert source: its updates carry no old row, so a filter
 * before the normalization would leave old rows standing.
 */
export const pushFilterIntoScan = nodeRule('push-filter-into-scan', node => {
  if (node.kind !== 'Filter' || node.input.kind !== 'Scan') return node
  const scan = node.input
  if (scan.source.changelogMode === 'upsert') return node
  const condition = substitute(node.condition, scan.projections)
  if (isVolatile(condition)) return node
  return {
    ...scan,
    condition: conjunction(scan.condition === null ? [condition] : [scan.condition, condition]),
  }
})
