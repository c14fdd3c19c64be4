import { inputsRead, remap } from '../expression-rewrite.ts'
import { nodeRule } from './rule.ts'

/** A scan asks its connector only for what its projections, condition and watermark read. */
export const pruneScanColumns = nodeRule('prune-scan-columns', node => {
  if (node.kind !== 'Scan') return node
  const expressions = [...node.projections]
  if (node.condition !== null) expressions.push(node.condition)
  if (node.watermark !== null) expressions.push(node.watermark.expression)
  const read = new Set(expressions.flatMap(inputsRead))
  if (read.size === node.columns.length) return node
  const kept = node.columns.map((_, i) => i).filter(i => read.has(i))
  const place = new Map(kept.map((old, i) => [old, i]))
  const move = (old: number) => place.get(old)!
  return {
    ...node,
    columns: kept.map(i => node.columns[i]!),
    projections: node.projections.map(e => remap(e, move)),
    condition: node.condition && remap(node.condition, move),
    watermark: node.watermark && { ...node.watermark, expression: remap(node.watermark.expression, move) },
  }
})
