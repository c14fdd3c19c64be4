import type { PlanGraph, PlanNode } from '../plan-graph/plan-graph.ts'

/** What commonly surprises people later, one line each: EXPLAIN PLAN_ADVICE. */
export const adviceOn = (graph: PlanGraph): readonly string[] => graph.nodes.flatMap(adviceOnNode)

function adviceOnNode(node: PlanNode): readonly string[] {
  if (
    node.kind === 'Scan' &&
    node.watermark !== null &&
    node.watermark.idleTimeoutMs === 0 &&
    !node.bounded
  ) {
    return [
      `${node.label}: a silent partition holds back all event time; SET 'table.exec.source.idle-timeout' = '30 s' lets it go idle`,
    ]
  }
  const keepsForever = node.kind === 'GroupAggregate' || node.kind === 'ChangelogNormalize'
  if (keepsForever && node.keys.length > 0 && node.stateTtlMs === 0) {
    return [`${node.label}: keeps state of every key for ever; SET 'table.exec.state.ttl' = '1 d' bounds it`]
  }
  return []
}
