import { Catalog, Config } from '../../../src/catalog/index.ts'
import { MillraceError } from '../../../src/errors/index.ts'
import type { Statement } from '../../../src/parser/index.ts'
import { parseScript } from '../../../src/parser/index.ts'
import {
  bindCreateTable,
  bindCreateView,
  type PlannedJob,
  type PlannerContext,
  planInsert,
  planSelect,
  planStatementSet,
} from '../../../src/planner/index.ts'
import { fakeCapabilities } from './fake-connectors.ts'

export const plannerContext = (): PlannerContext => ({
  catalog: new Catalog(),
  config: new Config({ 'table.local-time-zone': 'UTC' }),
  findCapabilities: fakeCapabilities,
})

/** Runs DDL and SET, and plans every query of a script, each as a job of its own. Errors get the source. */
export function planScript(text: string, context: PlannerContext = plannerContext()): readonly PlannedJob[] {
  try {
    return parseScript({ text, name: 'test.sql' }).flatMap(statement => planStatement(statement, context))
  } catch (error) {
    throw error instanceof MillraceError ? error.withSource({ text, name: 'test.sql' }) : error
  }
}

function planStatement(statement: Statement, context: PlannerContext): readonly PlannedJob[] {
  const options = { jobName: 'test' }
  switch (statement.kind) {
    case 'CreateTable':
      context.catalog.create(bindCreateTable(statement, context))
      return []
    case 'CreateView':
      context.catalog.create(bindCreateView(statement, context))
      return []
    case 'Set':
      context.config.set(statement.key!.value, statement.value!.value)
      return []
    case 'Insert':
      return [planInsert(statement, context, options)]
    case 'StatementSet':
      return [planStatementSet(statement, context, options)]
    case 'Query':
      return [planSelect(statement, context, options)]
    default:
      throw new Error(`plan tests do not run ${statement.kind}`)
  }
}

/** The one job of a script. */
export function planOne(text: string, context: PlannerContext = plannerContext()): PlannedJob {
  const jobs = planScript(text, context)
  if (jobs.length !== 1) throw new Error(`${jobs.length} jobs in the script`)
  return jobs[0]!
}
