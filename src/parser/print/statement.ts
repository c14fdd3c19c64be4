import { assertNever } from '../../errors/index.ts'
import type { DdlStatement, Explain, FunctionCall, Insert, Statement, StatementSet } from '../ast/index.ts'
import { printDdl, printPartitionEntries } from './ddl.ts'
import { printCall } from './expression.ts'
import { printQuery } from './query.ts'
import { printHints } from './relation.ts'
import { clause, printIdentifier, printName, printNames, printString, spaced } from './words.ts'

/** Canonical SQL of a statement, on one line and without a semicolon; parsing it gives the same AST. */
export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'Query':
      return printQuery(statement)
    case 'Insert':
      return printInsert(statement)
    case 'StatementSet':
      return `EXECUTE ${printStatementSet(statement)}`
    case 'Explain':
      return spaced('EXPLAIN', statement.details.join(', '), printInner(statement.statement))
    case 'CompilePlan':
      return spaced(
        statement.execute ? 'COMPILE AND EXECUTE PLAN' : 'COMPILE PLAN',
        printString(statement.path),
        statement.ifNotExists && 'IF NOT EXISTS',
        'FOR',
        printInner(statement.statement),
      )
    case 'ExecutePlan':
      return `EXECUTE PLAN ${printString(statement.path)}`
    case 'Set':
      if (statement.key === undefined || statement.value === undefined) return 'SET'
      return `SET ${printString(statement.key)} = ${printString(statement.value)}`
    case 'Reset':
      return spaced('RESET', statement.key && printString(statement.key))
    case 'UseCatalog':
      return `USE CATALOG ${printIdentifier(statement.name)}`
    case 'UseDatabase':
      return `USE ${printName(statement.name)}`
    case 'Show':
      return spaced(
        `SHOW ${statement.object}`,
        statement.from && spaced(statement.object !== 'PARTITIONS' && 'FROM', printName(statement.from)),
        statement.like?.negated && 'NOT',
        statement.like &&
          `${statement.like.caseInsensitive ? 'ILIKE' : 'LIKE'} ${printString(statement.like.pattern)}`,
      )
    case 'ShowCreate':
      return `SHOW CREATE ${statement.object} ${printName(statement.name)}`
    case 'Describe':
      return spaced(
        'DESCRIBE',
        statement.object !== 'TABLE' && statement.object,
        statement.extended && 'EXTENDED',
        printName(statement.name),
      )
    case 'DescribeJob':
      return `DESCRIBE JOB ${printString(statement.jobId)}`
    case 'StopJob':
      return spaced(
        `STOP JOB ${printString(statement.jobId)}`,
        statement.withSavepoint && 'WITH SAVEPOINT',
        statement.withDrain && 'WITH DRAIN',
      )
    case 'Call':
      return `CALL ${printCall({ ...bareCall, name: statement.procedure, args: statement.args, position: statement.position })}`
    default:
      return printDdl(statement satisfies DdlStatement)
  }
}

const bareCall: Omit<FunctionCall, 'name' | 'args' | 'position'> = {
  kind: 'FunctionCall',
  distinct: false,
  withinGroup: [],
  filter: undefined,
  nullTreatment: undefined,
  over: undefined,
}

/** A statement behind EXPLAIN or COMPILE PLAN, where a statement set drops its EXECUTE. */
function printInner(statement: Explain['statement']): string {
  switch (statement.kind) {
    case 'Query':
      return printQuery(statement)
    case 'Insert':
      return printInsert(statement)
    case 'StatementSet':
      return printStatementSet(statement)
    case 'CreateTable':
      return printDdl(statement)
    default:
      return assertNever(statement, 'explained statement')
  }
}

const printStatementSet = ({ inserts }: StatementSet) =>
  `STATEMENT SET BEGIN ${inserts.map(insert => `${printInsert(insert)};`).join(' ')} END`

function printInsert(insert: Insert): string {
  return spaced(
    insert.overwrite ? 'INSERT OVERWRITE' : 'INSERT INTO',
    printName(insert.target),
    printHints(insert.hints),
    clause('PARTITION', insert.partition, printPartitionEntries),
    insert.columns.length > 0 && printNames(insert.columns),
    printQuery(insert.query),
    insert.onConflict && `ON CONFLICT DO ${insert.onConflict}`,
  )
}
