import type { CatalogView } from '../../catalog/index.ts'
import { type CreateView, printStatement } from '../../parser/index.ts'
import { at } from './bind-error.ts'
import { bindQuery } from './bind-query.ts'
import type { Environment } from './environment.ts'
import { renamed } from './rename.ts'

/** CREATE VIEW: the query is bound once to check it and to learn its columns, and kept as canonical SQL. */
export function bindCreateView(statement: CreateView, environment: Environment): CatalogView {
  const plan = bindQuery(statement.query, environment)
  const output = statement.columns.length === 0 ? plan.output : renamed(plan, statement.columns).output
  const names = statement.name.map(part => part.name)
  return {
    kind: 'view',
    path: at(statement.name[0].position, () => environment.catalog.resolvePath(names)),
    temporary: statement.temporary,
    columns: output,
    query: printStatement(statement.query),
    context: environment.database,
    ...(statement.comment === undefined ? {} : { comment: statement.comment.value }),
  }
}
