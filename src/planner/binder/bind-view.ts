import type { CatalogView } from '../../catalog/index.ts'
import { pathToString } from '../../catalog/index.ts'
import { MillraceError, type SourcePosition } from '../../errors/index.ts'
import { parseStatement } from '../../parser/index.ts'
import type { LogicalPlan } from '../logical/index.ts'
import { bindError } from './bind-error.ts'
import { bindQuery } from './bind-query.ts'
import type { Environment } from './environment.ts'
import { renamedTo } from './rename.ts'

/** A view is its query, bound where the view was made; errors inside point into the view's text. */
export function expandView(
  view: CatalogView,
  environment: Environment,
  position: SourcePosition,
): LogicalPlan {
  const name = pathToString(view.path)
  if (environment.expanding.includes(name)) {
    throw bindError('MR_BIND_RECURSIVE_VIEW', `view '${view.path[2]}' contains itself`, position)
  }
  const source = { text: view.query, name: `view ${view.path[2]}` }
  const inner: Environment = {
    ...environment,
    database: view.context,
    ctes: new Map(),
    expanding: [...environment.expanding, name],
  }
  try {
    const query = parseStatement(source)
    if (query.kind !== 'Query')
      throw bindError('MR_BIND_VIEW', `view '${view.path[2]}' is no query`, position)
    return renamedTo(
      bindQuery(query, inner),
      view.columns.map(c => c.name),
    )
  } catch (error) {
    throw error instanceof MillraceError ? error.withSource(source) : error
  }
}
