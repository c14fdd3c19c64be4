import type { CatalogObject } from '../../catalog/index.ts'
import { validationError } from '../../errors/index.ts'
import type {
  AlterTable,
  CreateTable,
  CreateView,
  DropTable,
  DropView,
  QualifiedName,
} from '../../parser/index.ts'
import { bindAlterTable, bindCreateTable, bindCreateTableAs, bindCreateView } from '../../planner/index.ts'
import type { StatementResult } from '../statement-result.ts'
import type { ExecutionContext } from './execution-context.ts'
import { insert } from './jobs.ts'

const done: StatementResult = { kind: 'done' }

export function createTable(statement: CreateTable, context: ExecutionContext): StatementResult {
  if (exists(statement, context)) return done
  const { session } = context
  session.origins.addTable(session.catalog.resolvePath(namesOf(statement.name)), statement, context.source)
  const { query } = statement
  if (query !== undefined) {
    const { table, insert: filling } = bindCreateTableAs({ ...statement, query }, context.planner)
    session.catalog.create(session.adaptTable(table))
    return insert(filling, context)
  }
  session.catalog.create(session.adaptTable(bindCreateTable(statement, context.planner)))
  return done
}

/** The table as changed takes the place of the old one. */
export function alterTable(statement: AlterTable, { session, planner }: ExecutionContext): StatementResult {
  const { catalog } = session
  const old = catalog.get(catalog.resolvePath(namesOf(statement.name)))
  const changed = bindAlterTable(statement, planner)
  catalog.remove(old)
  catalog.create(changed)
  return done
}

export function createView(statement: CreateView, context: ExecutionContext): StatementResult {
  if (exists(statement, context)) return done
  context.session.catalog.create(bindCreateView(statement, context.planner))
  return done
}

function exists(statement: CreateTable | CreateView, { session }: ExecutionContext): boolean {
  if (!statement.ifNotExists) return false
  const path = session.catalog.resolvePath(namesOf(statement.name))
  const there = statement.temporary
    ? session.catalog.findTemporary(path)
    : session.catalog.findPermanent(path)
  return there !== undefined
}

export const dropTable = (statement: DropTable, context: ExecutionContext): StatementResult =>
  drop(statement, 'table', context)
export const dropView = (statement: DropView, context: ExecutionContext): StatementResult =>
  drop(statement, 'view', context)

function drop(
  statement: DropTable | DropView,
  kind: CatalogObject['kind'],
  { session }: ExecutionContext,
): StatementResult {
  const { catalog } = session
  const path = catalog.resolvePath(namesOf(statement.name))
  const found = statement.temporary ? catalog.findTemporary(path) : catalog.findPermanent(path)
  if (found === undefined) {
    if (statement.ifExists) return done
    throw statement.temporary || catalog.findTemporary(path) === undefined
      ? catalog.unknown(path)
      : isTemporary(statement, kind)
  }
  if (found.kind !== kind) {
    throw validationError('MR_STATEMENT_WRONG_KIND', `'${path[2]}' is a ${found.kind}, not a ${kind}`, {
      position: statement.name[0].position,
      hint: `DROP ${found.kind.toUpperCase()} ${path[2]}`,
    })
  }
  catalog.remove(found)
  return done
}

const isTemporary = (statement: DropTable | DropView, kind: string) =>
  validationError('MR_STATEMENT_WRONG_KIND', `'${statement.name.at(-1)!.name}' is a temporary ${kind}`, {
    position: statement.name[0].position,
    hint: `DROP TEMPORARY ${kind.toUpperCase()}`,
  })

export const namesOf = (name: QualifiedName): readonly string[] => name.map(part => part.name)
