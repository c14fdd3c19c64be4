/**
 * GROUP BY and aggregates. Below the aggregate a projection makes group keys and arguments columns; expressions
 * above it (SELECT, HAVING, QUALIFY) mean group keys and results, found again by what they are bound to.
 */
import { nearestName } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { isAggregateFunction, resolveAggregate } from '../../functions/index.ts'
import type { Expression, FunctionCall, GroupingElement, Select } from '../../parser/index.ts'
import { printExpression } from '../../parser/index.ts'
import { typeToString } from '../../types/index.ts'
import { castTo, inputRef } from '../expression-rewrite.ts'
import { aggregate, type LogicalPlan, project } from '../logical/index.ts'
import type { AggregateCall } from '../plan-graph/plan-graph.ts'
import { timeKeysOf } from '../traits/window-columns.ts'
import { at, bindError, unsupported } from './bind-error.ts'
import { bindCondition, bindExpression, type ExpressionSite } from './bind-expression.ts'
import { functionName, isGroupWindow, isWindowAuxiliary } from './bind-function-call.ts'
import { bindGroupWindow, type GroupWindow } from './bind-group-window.ts'
import { argumentInfo } from './call.ts'
import type { Scope } from './scope.ts'
import { callsIn, rowSite } from './select-site.ts'

const isAggregateCall = (e: FunctionCall): boolean =>
  e.over === undefined && isAggregateFunction(functionName(e))

/** Whether a SELECT groups: it says so, or an aggregate stands in it. */
export function isAggregated(select: Select): boolean {
  if (select.groupBy !== undefined || select.having !== undefined) return true
  for (const e of callsIn([select.items, select.qualify])) if (isAggregateCall(e)) return true
  return false
}

export class AggregateBinder {
  readonly #scope: Scope
  readonly #select: Select
  #input: LogicalPlan
  readonly #window: GroupWindow | undefined
  readonly #columns: { readonly e: BoundExpression; readonly name: string }[] = []
  readonly #places = new Map<string, number>()
  readonly #keyAt = new Map<string, number>()
  readonly #keys: number[] = []
  readonly #calls: AggregateCall[] = []
  readonly #callNames: string[] = []

  constructor(input: LogicalPlan, scope: Scope, select: Select) {
    this.#scope = scope
    this.#select = select
    const keys = (select.groupBy ?? []).flatMap(keyExpressions)
    const windowCalls = keys.filter(isWindowCall)
    if (windowCalls.length > 1) {
      throw unsupported(
        'a GROUP BY has at most one group window',
        windowCalls[1]!.position,
        'cascade two queries',
      )
    }
    const call = windowCalls[0]
    this.#window = call === undefined ? undefined : bindGroupWindow(call, input, scope)
    this.#input = this.#window?.plan ?? input
    if (this.#window !== undefined) for (const bound of this.#window.bounds) this.#addKey(bound.e, bound.name)
    const site = rowSite(scope, 'GROUP BY')
    for (const key of keys) {
      if (isWindowCall(key)) continue
      const e = this.#outputAlias(key) ?? key
      this.#addKey(bindExpression(e, site), printExpression(e))
    }
  }

  /** Where SELECT, HAVING and QUALIFY expressions stand. */
  site(clause: string, intercept?: (e: Expression) => BoundExpression | undefined): ExpressionSite {
    return {
      clause,
      column: reference => {
        const e = this.#scope.resolve(reference)
        throw this.#notGrouped(reference, e)
      },
      intercept: e => intercept?.(e) ?? this.#windowProperty(e) ?? this.#aggregate(e) ?? this.#groupKey(e),
    }
  }

  /** The aggregate, after every expression above it was bound. */
  plan(): LogicalPlan {
    const below = project(
      this.#input,
      this.#columns.map(c => c.e),
      this.#columns.map(c => c.name),
    )
    const position = this.#select.groupBy?.[0]?.position ?? this.#select.position
    return aggregate(below, this.#keys, this.#calls, this.#callNames, position, timeKeysOf(below, this.#keys))
  }

  #column(e: BoundExpression, name: string): number {
    const text = JSON.stringify(e)
    const known = this.#places.get(text)
    if (known !== undefined) return known
    const place = this.#columns.push({ e, name }) - 1
    this.#places.set(text, place)
    return place
  }

  #addKey(e: BoundExpression, name: string): void {
    const text = JSON.stringify(e)
    if (this.#keyAt.has(text)) return
    this.#keyAt.set(text, this.#keys.length)
    this.#keys.push(this.#column(e, name))
  }

  /** `GROUP BY alias` and `GROUP BY 1` mean a SELECT item, unless a column has the name. */
  #outputAlias(key: Expression): Expression | undefined {
    if (key.kind !== 'ColumnReference' || key.path.length !== 1) return undefined
    const name = key.path[0].name
    if (this.#scope.columns().some(column => column.field.name === name)) return undefined
    for (const item of this.#select.items) {
      if (item.kind === 'SelectExpression' && item.alias?.name === name) return item.expression
    }
    return undefined
  }

  #windowProperty(e: Expression): BoundExpression | undefined {
    if (e.kind !== 'FunctionCall' || !isWindowAuxiliary(functionName(e))) return undefined
    const bound = this.#window?.property(e, this.#scope)
    return bound && this.#keyRef(bound)
  }

  #groupKey(e: Expression): BoundExpression | undefined {
    for (const inner of callsIn(e)) {
      const name = functionName(inner)
      if (
        isAggregateCall(inner) ||
        inner.over !== undefined ||
        isWindowAuxiliary(name) ||
        isGroupWindow(name)
      ) {
        return undefined
      }
    }
    if (e.kind === 'StringLiteral' || e.kind === 'NumberLiteral' || hasQuery(e)) return undefined
    return this.#keyRef(bindExpression(e, rowSite(this.#scope, 'SELECT')))
  }

  #keyRef(e: BoundExpression): BoundExpression | undefined {
    const place = this.#keyAt.get(JSON.stringify(e))
    return place === undefined ? undefined : inputRef(place, e.type)
  }

  #aggregate(e: Expression): BoundExpression | undefined {
    if (e.kind !== 'FunctionCall' || !isAggregateCall(e)) return undefined
    const name = functionName(e)
    refuseClauses(e, name)
    const site = rowSite(this.#scope, `the aggregate ${name}`)
    const star = e.args.length === 1 && e.args[0]!.value.kind === 'Star'
    if (star && (name !== 'COUNT' || e.distinct)) {
      throw bindError(
        'MR_BIND_STAR',
        `${name}(${e.distinct ? 'DISTINCT ' : ''}*) does not exist`,
        e.position,
        {
          hint: 'only COUNT(*) takes *; name the column',
        },
      )
    }
    const args = star ? [] : e.args.map(arg => bindExpression(arg.value as Expression, site))
    const resolution = at(e.position, () => resolveAggregate(name, args.map(argumentInfo)))
    const columns = args.map((arg, i) =>
      this.#column(
        castTo(arg, resolution.argumentTypes[i] ?? arg.type),
        printExpression(e.args[i]!.value as Expression),
      ),
    )
    const filter =
      e.filter === undefined
        ? null
        : this.#column(bindCondition(e.filter, rowSite(this.#scope, 'FILTER')), printExpression(e.filter))
    return this.#callRef(
      {
        function: resolution.function,
        arguments: columns,
        distinct: e.distinct,
        filter,
        type: resolution.returnType,
      },
      printExpression(e),
    )
  }

  #callRef(call: AggregateCall, name: string): BoundExpression {
    const text = JSON.stringify(call)
    let i = this.#calls.findIndex(known => JSON.stringify(known) === text)
    if (i < 0) {
      i = this.#calls.push(call) - 1
      this.#callNames.push(name)
    }
    return inputRef(this.#keys.length + i, call.type)
  }

  #notGrouped(e: Expression, bound: BoundExpression) {
    const name = printExpression(e)
    const keys = [...this.#keyAt.values()].map(i => this.#columns[this.#keys[i]!]!.name)
    const hint =
      keys.length === 0 && this.#select.groupBy === undefined
        ? `add GROUP BY ${name}, or use an aggregate such as MAX(${name})`
        : `add ${name} to GROUP BY, or use an aggregate such as MAX(${name})`
    return bindError(
      'MR_BIND_NOT_GROUPED',
      `column '${name}' (${typeToString(bound.type)}) is neither grouped nor aggregated`,
      e.position,
      { hint, nearest: nearestName(name, keys), expected: keys },
    )
  }
}

const isWindowCall = (e: Expression): e is FunctionCall =>
  e.kind === 'FunctionCall' && isGroupWindow(functionName(e))

/** Only plain keys: grouping sets are refused. */
function keyExpressions(element: GroupingElement): readonly Expression[] {
  if (element.kind === 'GroupingExpressions') return element.expressions
  throw unsupported(
    `${element.kind === 'GroupingSets' ? 'GROUPING SETS' : element.kind.toUpperCase()} is not supported yet`,
    element.position,
    'write one query per grouping and join them with UNION ALL',
  )
}

function refuseClauses(e: FunctionCall, name: string): void {
  if (e.withinGroup.length > 0) {
    throw unsupported(
      `WITHIN GROUP is not supported for ${name} yet`,
      e.position,
      `use ${name}(…) in order of arrival`,
    )
  }
  if (e.nullTreatment === 'RESPECT NULLS') {
    throw unsupported(`RESPECT NULLS is not supported for ${name}`, e.position, 'aggregates ignore NULLs')
  }
  for (const inner of callsIn(e.args)) {
    if (isAggregateCall(inner)) {
      throw bindError(
        'MR_BIND_AGGREGATE',
        `aggregates cannot stand in the aggregate ${name}`,
        inner.position,
        {
          hint: 'aggregate in a subquery first',
        },
      )
    }
  }
}

function hasQuery(e: unknown): boolean {
  if (typeof e !== 'object' || e === null) return false
  if ((e as { kind?: string }).kind === 'Query') return true
  return Object.values(e).some(hasQuery)
}
