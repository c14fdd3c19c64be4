/** One SELECT: FROM, WHERE, GROUP BY, HAVING, ROW_NUMBER and QUALIFY, the items, DISTINCT. */
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { Expression, FunctionCall, Select, SelectExpression } from '../../parser/index.ts'
import { allColumns, inputRef, mapInputs } from '../expression-rewrite.ts'
import { aggregate, filter, type LogicalPlan, project, rowNumber, values } from '../logical/index.ts'
import { timeKeysOf } from '../traits/window-columns.ts'
import { AggregateBinder, isAggregated } from './bind-aggregate.ts'
import { bindError, unsupported } from './bind-error.ts'
import { bindCondition, bindExpression, type ExpressionSite } from './bind-expression.ts'
import { functionName } from './bind-function-call.ts'
import { bindRelation } from './bind-relation.ts'
import { bindRowNumber, RANK_SLOT, type RankedRows } from './bind-row-number.ts'
import type { Environment } from './environment.ts'
import { Scope } from './scope.ts'
import { rowSite } from './select-site.ts'

/** FROM-less SELECT reads one row without columns. */
const oneRow = values([[]], [])

export function bindSelect(select: Select, environment: Environment): LogicalPlan {
  refuseClauses(select)
  const from = select.from === undefined ? undefined : bindRelation(select.from, environment)
  const scope = from?.scope ?? Scope.empty
  let input: LogicalPlan = from?.plan ?? oneRow
  if (select.where !== undefined) input = filter(input, bindCondition(select.where, rowSite(scope, 'WHERE')))
  return new SelectBinder(select, scope, input).bind()
}

function refuseClauses(select: Select): void {
  const [hint] = select.hints
  if (hint !== undefined) {
    throw unsupported(
      `the query hint ${hint.name.name} is not supported yet`,
      hint.position,
      "supported: OPTIONS('key' = 'value') behind a table's name",
    )
  }
  const [window] = select.windows
  if (window !== undefined) {
    throw unsupported(
      'the WINDOW clause is not supported yet',
      window.position,
      'write the window behind OVER',
    )
  }
}

interface Item {
  readonly e: BoundExpression
  readonly name: string
}

class SelectBinder {
  readonly #select: Select
  readonly #scope: Scope
  readonly #input: LogicalPlan
  readonly #grouping: AggregateBinder | undefined
  #ranked: RankedRows | undefined

  constructor(select: Select, scope: Scope, input: LogicalPlan) {
    this.#select = select
    this.#scope = scope
    this.#input = input
    this.#grouping = isAggregated(select) ? new AggregateBinder(input, scope, select) : undefined
  }

  bind(): LogicalPlan {
    const items = this.#items()
    const { having, qualify } = this.#select
    const havingCondition = having && bindCondition(having, this.#site('HAVING', false))
    const qualifyCondition = qualify && this.#qualify(qualify)
    let plan = this.#grouping === undefined ? this.#input : this.#grouping.plan()
    if (havingCondition !== undefined) plan = filter(plan, havingCondition)
    const ranked = this.#ranked
    let settle = (e: BoundExpression) => e
    if (ranked !== undefined) {
      plan = addRank(plan, ranked)
      const rank = plan.output.length - 1
      settle = e => mapInputs(e, ref => (ref.index === RANK_SLOT ? inputRef(rank, ref.type) : ref))
    }
    if (qualifyCondition !== undefined) plan = filter(plan, settle(qualifyCondition))
    plan = project(
      plan,
      items.map(item => settle(item.e)),
      uniqueNames(items.map(item => item.name)),
    )
    return this.#select.distinct ? this.#distinct(plan) : plan
  }

  #distinct(plan: LogicalPlan): LogicalPlan {
    const keys = [...plan.output.keys()]
    return aggregate(plan, keys, [], [], this.#select.position, timeKeysOf(plan, keys))
  }

  #site(clause: string, mayRank: boolean): ExpressionSite {
    const intercept = (e: Expression) =>
      mayRank && e.kind === 'FunctionCall' && e.over !== undefined && functionName(e) === 'ROW_NUMBER'
        ? this.#rank(e)
        : undefined
    return this.#grouping?.site(clause, intercept) ?? rowSite(this.#scope, clause, intercept)
  }

  #rank(e: FunctionCall): BoundExpression {
    const ranked = bindRowNumber(e, this.#site('OVER', false))
    if (this.#ranked !== undefined && this.#ranked.identity !== ranked.identity) {
      throw unsupported('one SELECT has at most one ROW_NUMBER() yet', e.position, 'rank in two subqueries')
    }
    this.#ranked ??= ranked
    return ranked.number
  }

  #items(): readonly Item[] {
    const site = this.#site('SELECT', true)
    let unnamed = 0
    return this.#select.items.flatMap((item): Item[] => {
      if (item.kind === 'Star') return this.#star(item)
      const name = itemName(item) ?? `EXPR$${unnamed++}`
      return [{ e: bindExpression(item.expression, site), name }]
    })
  }

  #star(item: Select['items'][number] & { readonly kind: 'Star' }): Item[] {
    if (this.#select.from === undefined) {
      throw bindError('MR_BIND_STAR', '* needs a FROM', item.position)
    }
    if (this.#grouping !== undefined) {
      throw bindError('MR_BIND_NOT_GROUPED', '* is not possible with GROUP BY or aggregates', item.position, {
        hint: 'name the grouped columns and aggregates',
      })
    }
    return this.#scope
      .expand(item)
      .map(({ index, field }) => ({ e: inputRef(index, field.type), name: field.name }))
  }

  /** QUALIFY sees the SELECT's aliases, which stand for their expressions. */
  #qualify(condition: Expression): BoundExpression {
    const base = this.#site('QUALIFY', true)
    const site: ExpressionSite = {
      ...base,
      intercept: e => {
        if (e.kind === 'ColumnReference' && e.path.length === 1) {
          const alias = this.#aliased(e.path[0].name)
          if (alias !== undefined) return bindExpression(alias, base)
        }
        return base.intercept?.(e)
      },
    }
    const bound = bindCondition(condition, site)
    if (this.#ranked === undefined) {
      throw bindError(
        'MR_BIND_OVER',
        'QUALIFY needs ROW_NUMBER() OVER (…) here or in the SELECT',
        condition.position,
        {
          hint: 'use WHERE, or HAVING for groups',
        },
      )
    }
    return bound
  }

  #aliased(name: string): Expression | undefined {
    if (this.#scope.columns().some(column => column.field.name === name)) return undefined
    for (const item of this.#select.items) {
      if (item.kind === 'SelectExpression' && item.alias?.name === name) return item.expression
    }
    return undefined
  }
}

/** The alias, or the last part of a plain column's name. */
function itemName(item: SelectExpression): string | undefined {
  if (item.alias !== undefined) return item.alias.name
  const { expression } = item
  if (expression.kind === 'ColumnReference') return expression.path.at(-1)!.name
  return expression.kind === 'FieldAccess' ? expression.field.name : undefined
}

/** Calcite's rule for doubles: a, a0, a1 … */
function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map(name => {
    let unique = name
    for (let n = 0; taken.has(unique); n++) unique = `${name}${n}`
    taken.add(unique)
    return unique
  })
}

/** RowNumber over the plan, with partition and sort expressions made columns first. */
function addRank(plan: LogicalPlan, ranked: RankedRows): LogicalPlan {
  const columns: BoundExpression[] = [...allColumns(plan.output)]
  const names = plan.output.map(f => f.name)
  const columnOf = (e: BoundExpression): number => {
    if (e.kind === 'InputRef') return e.index
    names.push(`$rank${columns.length}`)
    return columns.push(e) - 1
  }
  const partition = ranked.partitionBy.map(columnOf)
  const sort = ranked.orderBy.map(({ e, ...order }) => ({ column: columnOf(e), ...order }))
  const wide = columns.length === plan.output.length ? plan : project(plan, columns, names)
  return rowNumber(wide, partition, sort, ranked.position)
}
