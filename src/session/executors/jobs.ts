import type { Insert, Query, Statement, StatementSet } from '../../parser/index.ts'
import {
  explain as explainPlan,
  type PlannedJob as Planned,
  planInsert,
  planSelect,
  planStatementSet,
} from '../../planner/index.ts'
import type { PlannedJob } from '../planned-job.ts'
import type { StatementResult } from '../statement-result.ts'
import type { ExecutionContext } from './execution-context.ts'

const sinkName = (insert: Insert): string => insert.target.at(-1)!.name

export function insert(statement: Insert, context: ExecutionContext): StatementResult {
  const jobName = context.jobName([sinkName(statement)])
  return {
    kind: 'job',
    job: plannedJob(jobName, planInsert(statement, context.planner, { jobName }), statement, context),
  }
}

export function statementSet(statement: StatementSet, context: ExecutionContext): StatementResult {
  const jobName = context.jobName(statement.inserts.map(sinkName))
  return {
    kind: 'job',
    job: plannedJob(jobName, planStatementSet(statement, context.planner, { jobName }), statement, context),
  }
}

export function select(statement: Query, context: ExecutionContext): StatementResult {
  const jobName = context.jobName(['select'])
  return {
    kind: 'query',
    job: plannedJob(jobName, planSelect(statement, context.planner, { jobName }), statement, context),
  }
}

/** `planned.graph.name` may be `pipeline.name`, which several jobs of a script can share; ours is unique. */
function plannedJob(
  name: string,
  planned: Planned,
  statement: Statement,
  { planner, source }: ExecutionContext,
): PlannedJob {
  const { offset, length } = statement.position
  return {
    name,
    graph: { ...planned.graph, name },
    config: planner.config.copy(),
    sql: source.text.slice(offset, offset + length),
    explain: changelogMode => explainPlan(planned, changelogMode ? ['CHANGELOG_MODE'] : [], planner),
  }
}
