/** EXPLAIN: every stage as text, in the manner of Flink's. Table options are never printed but for redacted JSON. */
import { type Config, configOptions, redactOptions } from '../../catalog/index.ts'
import type { ExplainDetail } from '../../parser/index.ts'
import { inputsOf, type LogicalPlan } from '../logical/index.ts'
import type { PlanGraph, PlanNode } from '../plan-graph/plan-graph.ts'
import type { PlannedJob } from '../plan-job.ts'
import { adviceOn } from './advice.ts'
import { printGraph } from './print-graph.ts'
import { printLogical } from './print-logical.ts'

export function explainJob(job: PlannedJob, details: readonly ExplainDetail[], config: Config): string {
  const changelogMode = details.includes('CHANGELOG_MODE')
  const sections = [
    section('Abstract Syntax Tree', printLogical(job.bound)),
    section('Optimized Logical Plan', printLogical(job.optimized)),
    section('Optimized Physical Plan', printGraph(job.graph, { changelogMode })),
  ]
  const extensions = extensionsOf(job, config)
  if (extensions.length > 0) sections.push(section('Extensions to Flink SQL', extensions.join('\n')))
  if (details.includes('PLAN_ADVICE')) {
    const advice = adviceOn(job.graph)
    sections.push(section('Advice', advice.length === 0 ? 'No available advice...' : advice.join('\n')))
  }
  if (details.includes('ESTIMATED_COST')) {
    sections.push(section('Estimated Cost', 'not available: plans are not chosen by cost'))
  }
  if (details.includes('JSON_EXECUTION_PLAN')) {
    sections.push(section('Physical Execution Plan', JSON.stringify(redactGraph(job.graph), null, 2)))
  }
  return sections.join('\n')
}

const section = (title: string, body: string): string => `== ${title} ==\n${body}\n`

/** The graph with secrets of table options replaced. For anything shown; the runtime needs the real one. */
export const redactGraph = (graph: PlanGraph): PlanGraph => ({
  ...graph,
  nodes: graph.nodes.map((node): PlanNode => {
    if (node.kind !== 'Scan' && node.kind !== 'Sink') return node
    return { ...node, table: { ...node.table, options: redactOptions(node.table.options) } }
  }),
})

/** What of this job Apache Flink would refuse or not know. */
export function extensionsOf(job: PlannedJob, config: Config): readonly string[] {
  const found = new Set<string>()
  const look = (plan: LogicalPlan): void => {
    if (plan.kind === 'WindowAggregate' && !plan.legacy) {
      const { emit } = plan
      if (emit.allowedLatenessMs > 0) {
        found.add(
          "allowed lateness on a window table function: Flink honours 'table.exec.emit.allow-lateness' on legacy group windows only",
        )
      }
      if (emit.earlyDelayMs !== null) {
        found.add(
          "early firing of a window table function: Flink honours 'table.exec.emit.early-fire.*' on legacy group windows only",
        )
      }
    }
    inputsOf(plan).forEach(look)
  }
  job.optimized.forEach(look)
  const set = config.entries()
  for (const option of configOptions) {
    if (option.extension === true && option.key in set) found.add(`the setting '${option.key}'`)
  }
  return [...found]
}
