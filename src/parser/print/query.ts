import { assertNever } from '../../errors/index.ts'
import type {
  FrameBound,
  GroupingElement,
  GroupingExpressions,
  OrderItem,
  Query,
  QueryBody,
  Select,
  SelectItem,
  WindowFrame,
  WindowReference,
  WindowSpecification,
} from '../ast/index.ts'
import { printExpression, printStar } from './expression.ts'
import { printHints, printRelation } from './relation.ts'
import { clause, listed, type Piece, parenthesized, printIdentifier, printNames, spaced } from './words.ts'

/** Canonical SQL of a query, on one line. */
export function printQuery(query: Query): string {
  return spaced(
    clause('WITH', query.with, tables =>
      listed(tables, table =>
        spaced(
          printIdentifier(table.name),
          table.columns.length > 0 && printNames(table.columns),
          `AS (${printQuery(table.query)})`,
        ),
      ),
    ),
    printBody(query.body),
    orderBy(query.orderBy),
    query.limit && `LIMIT ${query.limit.text}`,
    query.offset && `OFFSET ${query.offset.text}`,
  )
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case 'Select':
      return printSelect(body)
    case 'Values':
      return `VALUES ${listed(body.rows, ({ fields }) => parenthesizedRow(fields.map(printExpression)))}`
    case 'Query':
      return `(${printQuery(body)})`
    case 'SetOperation': {
      const operator = body.all ? `${body.operator} ALL` : body.operator
      return `${operandOf(body.left, isStrong(body.operator))} ${operator} ${operandOf(body.right, true, isStrong(body.operator))}`
    }
    default:
      return assertNever(body, 'query body')
  }
}

const parenthesizedRow = (fields: readonly string[]) => `(${fields.join(', ')})`
const isStrong = (operator: string) => operator === 'INTERSECT'

/** Left operands need parentheses only below INTERSECT; a set operation on the right needs them unless it binds stronger. */
function operandOf(body: QueryBody, isTight: boolean, isIntersectOperand = true): string {
  const text = printBody(body)
  if (body.kind !== 'SetOperation' || !isTight) return text
  return isStrong(body.operator) && !isIntersectOperand ? text : `(${text})`
}

const orderBy = (items: readonly OrderItem[]): Piece =>
  clause('ORDER BY', items, given => listed(given, printOrderItem))

export const printOrderItem = ({ expression, descending, nulls }: OrderItem): string =>
  spaced(printExpression(expression), descending && 'DESC', nulls && `NULLS ${nulls}`)

function printSelect(select: Select): string {
  return spaced(
    'SELECT',
    printHints(select.hints),
    select.distinct && 'DISTINCT',
    listed(select.items, printItem),
    select.from && `FROM ${printRelation(select.from)}`,
    select.where && `WHERE ${printExpression(select.where)}`,
    select.groupBy && `GROUP BY ${listed(select.groupBy, printGrouping)}`,
    select.having && `HAVING ${printExpression(select.having)}`,
    clause('WINDOW', select.windows, windows =>
      listed(windows, ({ name, specification }) => `${printIdentifier(name)} AS ${printOver(specification)}`),
    ),
    select.qualify && `QUALIFY ${printExpression(select.qualify)}`,
  )
}

function printItem(item: SelectItem): string {
  if (item.kind === 'Star') return printStar(item)
  return spaced(printExpression(item.expression), item.alias && `AS ${printIdentifier(item.alias)}`)
}

function printGrouping(element: GroupingElement): string {
  switch (element.kind) {
    case 'GroupingExpressions':
      return printKeys(element)
    case 'GroupingSets':
      return `GROUPING SETS ${parenthesized(element.elements, printGrouping)}`
    case 'Rollup':
      return `ROLLUP ${parenthesized(element.elements, printKeys)}`
    case 'Cube':
      return `CUBE ${parenthesized(element.elements, printKeys)}`
    default:
      return assertNever(element, 'grouping element')
  }
}

function printKeys({ expressions }: GroupingExpressions): string {
  const [only] = expressions
  if (only !== undefined && expressions.length === 1) return printExpression(only)
  return parenthesized(expressions, printExpression)
}

/** What follows OVER. */
export function printOver(over: WindowSpecification | WindowReference): string {
  if (over.kind === 'WindowReference') return printIdentifier(over.name)
  const inside = spaced(
    over.base && printIdentifier(over.base),
    clause('PARTITION BY', over.partitionBy, keys => listed(keys, printExpression)),
    orderBy(over.orderBy),
    over.frame && printFrame(over.frame),
  )
  return `(${inside})`
}

function printFrame({ unit, start, end }: WindowFrame): string {
  if (end === undefined) return `${unit} ${printBound(start)}`
  return `${unit} BETWEEN ${printBound(start)} AND ${printBound(end)}`
}

function printBound(bound: FrameBound): string {
  switch (bound.kind) {
    case 'UnboundedPreceding':
      return 'UNBOUNDED PRECEDING'
    case 'UnboundedFollowing':
      return 'UNBOUNDED FOLLOWING'
    case 'CurrentRow':
      return 'CURRENT ROW'
    case 'Preceding':
      return `${printExpression(bound.offset)} PRECEDING`
    case 'Following':
      return `${printExpression(bound.offset)} FOLLOWING`
    default:
      return assertNever(bound, 'frame bound')
  }
}
