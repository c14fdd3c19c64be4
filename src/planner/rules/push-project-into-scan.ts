import { growsTooMuch, substitute } from '../expression-rewrite.ts'
import { duplicatesVolatile } from './merge-projects.ts'
import { nodeRule } from './rule.ts'

/** Project(Scan) → Scan that projects. An upsert source keeps its columns: its key is needed above it. */
export const pushProjectIntoScan = nodeRule('push-project-into-scan', node => {
  if (node.kind !== 'Project' || node.input.kind !== 'Scan') return node
  const scan = node.input
  if (scan.source.changelogMode === 'upsert') return node
  if (duplicatesVolatile(node.projections, scan.projections)) return node
  if (growsTooMuch(node.projections, scan.projections)) return node
  return {
    ...scan,
    projections: node.projections.map(e => substitute(e, scan.projections)),
    output: node.output,
  }
})
