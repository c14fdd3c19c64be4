/** Queries: WITH, set operations, VALUES. SELECT is bind-select.ts. */
import { assertNever } from '../../errors/index.ts'
import type { Query, QueryBody, SetOperation, Values } from '../../parser/index.ts'
import { commonType, type LogicalType, sameType, typeToString, withNullable } from '../../types/index.ts'
import { castTo, inputRef } from '../expression-rewrite.ts'
import { field, type LogicalPlan, project, union, values } from '../logical/index.ts'
import { bindError, unsupported } from './bind-error.ts'
import { bindExpression } from './bind-expression.ts'
import { bindSelect } from './bind-select.ts'
import type { Environment } from './environment.ts'
import { renamed } from './rename.ts'
import { Scope } from './scope.ts'
import { rowSite } from './select-site.ts'

export function bindQuery(query: Query, environment: Environment): LogicalPlan {
  const inner = withCtes(query, environment)
  if (query.orderBy.length > 0) {
    throw unsupported(
      'ORDER BY of a whole query is not supported on streams yet',
      query.orderBy[0]!.position,
      'supported: the ORDER BY inside ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY …)',
    )
  }
  const cut = query.limit ?? query.offset
  if (cut !== undefined) {
    throw unsupported(
      'LIMIT, OFFSET and FETCH are not supported on streams yet',
      cut.position,
      "supported: window Top-N by ROW_NUMBER(), or a bounded source such as 'number-of-rows' of datagen",
    )
  }
  return bindBody(query.body, inner)
}

function withCtes(query: Query, environment: Environment): Environment {
  let inner = environment
  for (const cte of query.with) {
    const definition = inner
    const names = cte.columns.map(c => c.name)
    if (cte.columns.length > 0) renamed(bindQuery(cte.query, definition), cte.columns)
    const entry = { query: cte.query, columns: names, environment: definition }
    inner = { ...inner, ctes: new Map([...inner.ctes, [cte.name.name, entry]]) }
  }
  return inner
}

function bindBody(body: QueryBody, environment: Environment): LogicalPlan {
  switch (body.kind) {
    case 'Query':
      return bindQuery(body, environment)
    case 'Select':
      return bindSelect(body, environment)
    case 'Values':
      return bindValues(body)
    case 'SetOperation':
      return bindSetOperation(body, environment)
    default:
      return assertNever(body, 'query body')
  }
}

function bindSetOperation(operation: SetOperation, environment: Environment): LogicalPlan {
  if (operation.operator !== 'UNION' || !operation.all) {
    const name = `${operation.operator}${operation.all ? ' ALL' : ''}`
    throw unsupported(
      `${name} is not supported yet`,
      operation.right.position,
      operation.operator === 'UNION'
        ? 'supported: SELECT DISTINCT * FROM (… UNION ALL …)'
        : 'supported: UNION ALL',
    )
  }
  const branches = flatten(operation).map(body => ({ plan: bindBody(body, environment), body }))
  const first = branches[0]!.plan.output
  for (const { plan, body } of branches) {
    if (plan.output.length === first.length) continue
    throw bindError(
      'MR_BIND_COLUMN_COUNT',
      `the branches of UNION ALL have ${first.length} and ${plan.output.length} columns`,
      body.position,
    )
  }
  const types = first.map((column, i) => {
    const given = branches.map(branch => branch.plan.output[i]!.type)
    const common = commonType(given)
    if (common !== undefined) return common
    const texts = [...new Set(given.map(type => typeToString(withNullable(type, true))))]
    throw bindError(
      'MR_BIND_TYPE',
      `column ${i + 1} ('${column.name}') of UNION ALL has no common type: ${texts.join(', ')}`,
      branches[1]!.body.position,
      { hint: 'CAST the branches to one type' },
    )
  })
  return union(
    branches.map(branch =>
      withTypes(
        branch.plan,
        types,
        first.map(f => f.name),
      ),
    ),
  )
}

/** The branches of a chain of UNION ALLs, left to right. */
function flatten(body: QueryBody): readonly QueryBody[] {
  return body.kind === 'SetOperation' && body.operator === 'UNION' && body.all
    ? [...flatten(body.left), ...flatten(body.right)]
    : [body]
}

/** The plan with its columns cast to `types`, where they differ. */
export function withTypes(
  plan: LogicalPlan,
  types: readonly LogicalType[],
  names: readonly string[],
): LogicalPlan {
  if (plan.output.every((f, i) => f.name === names[i] && sameType(f.type, types[i]!))) return plan
  return project(
    plan,
    plan.output.map((f, i) => castTo(inputRef(i, f.type), types[i]!)),
    names,
  )
}

function bindValues(body: Values): LogicalPlan {
  const site = rowSite(Scope.empty, 'VALUES')
  const width = body.rows[0]!.fields.length
  const rows = body.rows.map(row => {
    if (row.fields.length !== width) {
      throw bindError(
        'MR_BIND_COLUMN_COUNT',
        `the rows of VALUES have ${width} and ${row.fields.length} columns`,
        row.position,
      )
    }
    return row.fields.map(e => bindExpression(e, site))
  })
  const types = Array.from({ length: width }, (_, i) => {
    const given = rows.map(row => row[i]!.type)
    const common = commonType(given)
    if (common !== undefined) return common
    const texts = [...new Set(given.map(type => typeToString(withNullable(type, true))))]
    throw bindError(
      'MR_BIND_TYPE',
      `column ${i + 1} of VALUES has no common type: ${texts.join(', ')}`,
      body.position,
      {
        hint: 'CAST the values to one type',
      },
    )
  })
  return values(
    rows.map(row => row.map((e, i) => castTo(e, types[i]!))),
    types.map((type, i) => field(`EXPR$${i}`, type)),
  )
}
