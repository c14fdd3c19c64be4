import { validationError } from '../../errors/index.ts'
import type { Explain } from '../../parser/index.ts'
import {
  explain as explainPlan,
  type PlannedJob,
  planInsert,
  planSelect,
  planStatementSet,
} from '../../planner/index.ts'
import type { StatementResult } from '../statement-result.ts'
import type { ExecutionContext } from './execution-context.ts'

export function explain(statement: Explain, context: ExecutionContext): StatementResult {
  const text = explainPlan(plan(statement, context), statement.details, context.planner)
  return { kind: 'table', columns: ['result'], rows: [[text]] }
}

function plan({ statement, position }: Explain, { planner }: ExecutionContext): PlannedJob {
  const options = { jobName: 'explain' }
  switch (statement.kind) {
    case 'Insert':
      return planInsert(statement, planner, options)
    case 'StatementSet':
      return planStatementSet(statement, planner, options)
    case 'Query':
      return planSelect(statement, planner, options)
    case 'CreateTable':
      throw validationError('MR_STATEMENT_UNSUPPORTED', 'EXPLAIN of CREATE TABLE AS is not supported', {
        position,
        hint: 'EXPLAIN its query',
      })
  }
}
