/** The one table from statement kinds to their executors. What Millrace does not do is refused by name. */
import { validationError } from '../../errors/index.ts'
import type { Statement } from '../../parser/index.ts'
import type { StatementResult } from '../statement-result.ts'
import {
  createCatalog,
  createDatabase,
  dropCatalog,
  dropDatabase,
  useCatalog,
  useDatabase,
} from './catalogs.ts'
import { alterTable, createTable, createView, dropTable, dropView } from './create-drop.ts'
import { describe } from './describe.ts'
import type { ExecutionContext } from './execution-context.ts'
import { explain } from './explain.ts'
import { insert, select, statementSet } from './jobs.ts'
import { resetOption, setOption } from './set.ts'
import { show, showCreate } from './show.ts'

type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>
type Executor<K extends Statement['kind']> = (
  statement: StatementOf<K>,
  context: ExecutionContext,
) => StatementResult

const refuse =
  (what: string, hint: string) =>
  (statement: Statement): StatementResult => {
    throw validationError('MR_STATEMENT_UNSUPPORTED', `${what} is not supported`, {
      position: statement.position,
      hint,
    })
  }

const noAlter = refuse(
  'ALTER of views, databases and catalogs',
  'they live as long as the script: change the CREATE statement',
)
const noFunctions = refuse(
  'CREATE FUNCTION and its kin',
  'only built-in functions can be used: SHOW FUNCTIONS lists them',
)
const noMaterialized = refuse('MATERIALIZED TABLE', 'CREATE TABLE the sink and INSERT INTO it')
const noJobs = refuse('job control by SQL', 'stop a job with SIGTERM, or through its handle in the library')
const noPlans = refuse('COMPILE PLAN and EXECUTE PLAN', 'checkpoints keep their plan: resume from one')

const executors: { readonly [K in Statement['kind']]: Executor<K> } = {
  CreateTable: createTable,
  DropTable: dropTable,
  CreateView: createView,
  DropView: dropView,
  CreateCatalog: createCatalog,
  DropCatalog: dropCatalog,
  CreateDatabase: createDatabase,
  DropDatabase: dropDatabase,
  UseCatalog: useCatalog,
  UseDatabase: useDatabase,
  Set: setOption,
  Reset: resetOption,
  Show: show,
  ShowCreate: showCreate,
  Describe: describe,
  Explain: explain,
  Insert: insert,
  StatementSet: statementSet,
  Query: select,
  AlterTable: alterTable,
  AlterView: noAlter,
  AlterCatalog: noAlter,
  AlterDatabase: noAlter,
  CreateFunction: noFunctions,
  AlterFunction: noFunctions,
  DropFunction: noFunctions,
  CreateMaterializedTable: noMaterialized,
  AlterMaterializedTable: noMaterialized,
  DropMaterializedTable: noMaterialized,
  DescribeJob: noJobs,
  StopJob: noJobs,
  CompilePlan: noPlans,
  ExecutePlan: noPlans,
  Call: refuse('CALL', 'there are no procedures'),
}

export function executeStatement(statement: Statement, context: ExecutionContext): StatementResult {
  const executor = executors[statement.kind] as (
    statement: Statement,
    context: ExecutionContext,
  ) => StatementResult
  return executor(statement, context)
}
