/**
 * One scan per table and options in a job, so that a topic is read once however many INSERTs of a statement set
 * (or branches of a query) use it. The shared scan hands out the union of the needed columns; each user filters
 * and projects above it. The shared node is one object: the physical planner keeps it one.
 */
import { allColumns, remap } from '../expression-rewrite.ts'
import { field, filter, type LogicalPlan, type Scan, scan, transformUp } from '../logical/index.ts'
import type { ScanColumn } from '../plan-graph/plan-graph.ts'

export function shareScans(plans: readonly LogicalPlan[]): readonly LogicalPlan[] {
  const groups = new Map<string, Scan[]>()
  for (const plan of plans) collectScans(plan, groups)
  const shared = new Map<string, Scan>()
  for (const [identity, scans] of groups) {
    if (scans.length > 1) shared.set(identity, mergeScans(scans))
  }
  if (shared.size === 0) return plans
  return plans.map(plan =>
    transformUp(plan, node => {
      const target = node.kind === 'Scan' ? shared.get(node.identity) : undefined
      return target === undefined ? node : readFrom(target, node as Scan)
    }),
  )
}

function collectScans(plan: LogicalPlan, groups: Map<string, Scan[]>): void {
  transformUp(plan, node => {
    if (node.kind !== 'Scan') return node
    const group = groups.get(node.identity)
    if (group === undefined) groups.set(node.identity, [node])
    else group.push(node)
    return node
  })
}

const columnKey = (column: ScanColumn): string =>
  column.kind === 'physical' ? `p:${column.name}` : `m:${column.key}`

/** A scan without condition, of every column any of them reads. */
function mergeScans(scans: readonly Scan[]): Scan {
  const columns = new Map<string, ScanColumn>()
  for (const one of scans) for (const column of one.columns) columns.set(columnKey(column), column)
  const merged = [...columns.values()]
  // A user without event time has dropped its watermark; any other keeps it for all.
  const first = scans.find(one => one.watermark !== null) ?? scans[0]!
  const places = placesOf(first.columns, merged)
  return scan({
    ...first,
    columns: merged,
    watermark: first.watermark && {
      ...first.watermark,
      expression: remap(first.watermark.expression, old => places[old]!),
    },
    condition: null,
    projections: allColumns(merged.map(c => field(nameOf(c), c.type))),
    output: merged.map(c => field(nameOf(c), c.type)),
  })
}

const nameOf = (column: ScanColumn): string => (column.kind === 'physical' ? column.name : column.key)

const placesOf = (columns: readonly ScanColumn[], merged: readonly ScanColumn[]): readonly number[] => {
  const keys = merged.map(columnKey)
  return columns.map(column => keys.indexOf(columnKey(column)))
}

/** What one user's scan did, above the shared one. Its time attributes stay: the rows are the same rows. */
function readFrom(shared: Scan, user: Scan): LogicalPlan {
  const places = placesOf(user.columns, shared.columns)
  const move = (old: number) => places[old]!
  const input = user.condition === null ? shared : filter(shared, remap(user.condition, move))
  return {
    kind: 'Project',
    input,
    projections: user.projections.map(e => remap(e, move)),
    output: user.output,
  }
}
