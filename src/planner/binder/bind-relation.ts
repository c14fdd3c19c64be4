/** FROM: tables, views, WITH queries, subqueries, window functions. Joins are refused here. */

import type { CatalogTable } from '../../catalog/index.ts'
import { pathToString } from '../../catalog/index.ts'
import { assertNever, nearestName } from '../../errors/index.ts'
import type {
  Hint,
  Identifier,
  Query,
  Relation,
  TableAlias,
  TableArgument,
  TableReference,
} from '../../parser/index.ts'
import type { LogicalPlan } from '../logical/index.ts'
import { at, bindError, unsupported } from './bind-error.ts'
import { bindQuery } from './bind-query.ts'
import { bindTable } from './bind-table.ts'
import { expandView } from './bind-view.ts'
import { bindWindowFunction } from './bind-window-function.ts'
import type { Environment } from './environment.ts'
import { renamed, renamedTo } from './rename.ts'
import { Scope } from './scope.ts'

export interface BoundRelation {
  readonly plan: LogicalPlan
  readonly scope: Scope
}

export function bindRelation(relation: Relation, environment: Environment): BoundRelation {
  switch (relation.kind) {
    case 'TableReference':
      return bindReference(relation, environment)
    case 'DerivedTable':
      if (relation.lateral) {
        throw unsupported(
          'LATERAL subqueries are not supported yet',
          relation.position,
          'supported: plain subqueries in FROM',
        )
      }
      return named(bindQuery(relation.query, environment), relation.alias, [])
    case 'TableFunction': {
      const plan = bindWindowFunction(relation.call, argument => bindArgument(argument, environment))
      return named(plan, relation.alias, [])
    }
    case 'Unnest':
      throw unsupported('UNNEST is not supported yet', relation.position, 'read array elements by a[i]')
    case 'Join':
      throw unsupported(
        relation.joinType === 'COMMA' || relation.joinType === 'CROSS'
          ? 'joins of several tables are not supported yet'
          : `${relation.joinType} JOIN is not supported yet`,
        relation.right.position,
        'supported: one table, view, subquery or window function in FROM, and UNION ALL',
      )
    case 'MatchRecognize':
      throw unsupported(
        'MATCH_RECOGNIZE is not supported yet',
        relation.position,
        'supported: windows and aggregates',
      )
    default:
      return assertNever(relation, 'relation')
  }
}

function named(plan: LogicalPlan, alias: TableAlias | undefined, name: readonly string[]): BoundRelation {
  const columns = alias?.columns ?? []
  const output = columns.length === 0 ? plan : renamed(plan, columns)
  const scope = new Scope([
    {
      name: alias === undefined ? name : [alias.name.name],
      fields: output.output,
      offset: 0,
    },
  ])
  return { plan: output, scope }
}

function bindReference(reference: TableReference, environment: Environment): BoundRelation {
  if (reference.systemTime !== undefined) {
    throw unsupported(
      'FOR SYSTEM_TIME AS OF is not supported yet',
      reference.systemTime.position,
      'supported: one table in FROM',
    )
  }
  const { plan, name } = bindName(reference.name, reference.hints, environment)
  return named(plan, reference.alias, name)
}

function bindArgument(argument: TableArgument, environment: Environment): LogicalPlan {
  const { table } = argument
  if ('kind' in table) return bindQuery(table as Query, environment)
  return bindName(table, [], environment).plan
}

function bindName(
  parts: readonly Identifier[],
  hints: readonly Hint[],
  environment: Environment,
): { readonly plan: LogicalPlan; readonly name: readonly string[] } {
  const position = parts[0]!.position
  const names = parts.map(part => part.name)
  const cte = names.length === 1 ? environment.ctes.get(names[0]!) : undefined
  if (cte !== undefined) {
    refuseHints(hints, 'a WITH query')
    const plan = bindQuery(cte.query, cte.environment)
    return { plan: cte.columns.length === 0 ? plan : renamedTo(plan, cte.columns), name: names }
  }
  const object = at(position, () => {
    const path = environment.catalog.resolvePath(names, environment.database)
    const found = environment.catalog.find(path)
    if (found !== undefined) return found
    throw withCtes(environment, names, environment.catalog.unknown(path))
  })
  if (object.kind === 'view') {
    refuseHints(hints, 'a view')
    return { plan: expandView(object, environment, position), name: [...object.path] }
  }
  const table = withHints(object, hints, environment)
  return { plan: bindTable(table, environment, position), name: [...object.path] }
}

/** The nearest name may be that of a WITH query. */
function withCtes<E extends { details: { nearest?: string | undefined } }>(
  environment: Environment,
  names: readonly string[],
  error: E,
) {
  if (names.length > 1 || error.details.nearest !== undefined) return error
  const nearest = nearestName(names[0]!, environment.ctes.keys())
  return nearest === undefined ? error : Object.assign(error, { details: { ...error.details, nearest } })
}

function refuseHints(hints: readonly Hint[], what: string): void {
  const [hint] = hints
  if (hint === undefined) return
  throw bindError('MR_BIND_HINT', `${what} takes no table hints`, hint.position, {
    hint: 'put the hint on the table inside it',
  })
}

/** The table with the options of its OPTIONS hint laid over its own. */
export function withHints(
  table: CatalogTable,
  hints: readonly Hint[],
  environment: Environment,
): CatalogTable {
  const options: Record<string, string> = { ...table.options }
  for (const hint of hints) {
    if (hint.name.name.toUpperCase() !== 'OPTIONS') {
      throw bindError('MR_BIND_HINT', `there is no table hint ${hint.name.name}`, hint.position, {
        expected: ["OPTIONS('key' = 'value')"],
      })
    }
    if (!environment.config.boolean('table.dynamic-table-options.enabled')) {
      throw bindError('MR_BIND_HINT', 'OPTIONS hints are switched off', hint.position, {
        hint: "SET 'table.dynamic-table-options.enabled' = 'true'",
      })
    }
    for (const { key, value } of hint.properties) {
      if (key.value === 'connector' && value.value !== table.options['connector']) {
        throw bindError(
          'MR_BIND_HINT',
          `an OPTIONS hint cannot change the connector of '${pathToString(table.path)}'`,
          key.position,
        )
      }
      options[key.value] = value.value
    }
  }
  return hints.length === 0 ? table : { ...table, options }
}
