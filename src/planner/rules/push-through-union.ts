import { filter, union } from '../logical/index.ts'
import { nodeRule } from './rule.ts'

/** Filter or Project over Union → into every branch, where it can meet the scan. */
export const pushThroughUnion = nodeRule('push-through-union', node => {
  if ((node.kind !== 'Filter' && node.kind !== 'Project') || node.input.kind !== 'Union') return node
  const { inputs } = node.input
  if (node.kind === 'Filter') return union(inputs.map(input => filter(input, node.condition)))
  return { ...union(inputs.map(input => ({ ...node, input }))), output: node.output }
})
