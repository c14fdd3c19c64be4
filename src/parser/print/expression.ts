import { assertNever } from '../../errors/index.ts'
import type {
  Argument,
  ArgumentValue,
  BinaryOperator,
  CaseExpression,
  Expression,
  FunctionCall,
  Identifier,
  Star,
} from '../ast/index.ts'
import { isNiladicFunction } from '../tokens.ts'
import { printJson } from './json.ts'
import { printOrderItem, printOver, printQuery } from './query.ts'
import { printQualifier, printType } from './type.ts'
import {
  clause,
  listed,
  parenthesized,
  printIdentifier,
  printName,
  printNames,
  printString,
  quoteString,
  spaced,
} from './words.ts'

/** How strongly an expression binds; operands that bind weaker than their place asks get parentheses. */
const strength = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  predicate: 6,
  sum: 7,
  product: 8,
  sign: 9,
  postfix: 10,
  primary: 11,
} as const

const binaryStrengths: Record<BinaryOperator, number> = {
  OR: strength.or,
  AND: strength.and,
  '=': strength.comparison,
  '<>': strength.comparison,
  '<': strength.comparison,
  '<=': strength.comparison,
  '>': strength.comparison,
  '>=': strength.comparison,
  '+': strength.sum,
  '-': strength.sum,
  '*': strength.product,
  '/': strength.product,
  '%': strength.product,
  '||': strength.product,
}

function strengthOf(expression: Expression): number {
  switch (expression.kind) {
    case 'BinaryOperation':
      return binaryStrengths[expression.operator]
    case 'UnaryOperation':
      return expression.operator === 'NOT' ? strength.not : strength.sign
    case 'IsTest':
    case 'IsJson':
      return strength.is
    case 'IsDistinctFrom':
    case 'QuantifiedComparison':
      return strength.comparison
    case 'Between':
    case 'Like':
    case 'InList':
    case 'InSubquery':
    case 'Overlaps':
      return strength.predicate
    case 'ElementAccess':
    case 'FieldAccess':
      return strength.postfix
    default:
      return strength.primary
  }
}

/** The expression, in parentheses if it binds weaker than `least`. */
function at(least: number, expression: Expression): string {
  const text = printExpression(expression)
  return strengthOf(expression) < least ? `(${text})` : text
}

const not = (negated: boolean) => negated && 'NOT'

/** Canonical SQL of an expression: as few parentheses as its structure needs. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'NumberLiteral':
      return expression.text
    case 'StringLiteral':
      return printString(expression)
    case 'BinaryLiteral':
      return `X'${expression.hex}'`
    case 'BooleanLiteral':
      return expression.value === null ? 'UNKNOWN' : String(expression.value).toUpperCase()
    case 'NullLiteral':
      return 'NULL'
    case 'DateTimeLiteral':
      return `${dateTimeWords[expression.type]} ${quoteString(expression.text)}`
    case 'IntervalLiteral': {
      const text = `${expression.negative ? '-' : ''}${quoteString(expression.text)}`
      return `INTERVAL ${text} ${printQualifier(expression.qualifier)}`
    }
    case 'ColumnReference':
      return printName(expression.path)
    case 'FieldAccess':
      return `${fieldBase(expression.base)}.${printIdentifier(expression.field)}`
    case 'ElementAccess':
      return `${at(strength.postfix, expression.base)}[${printExpression(expression.index)}]`
    case 'RowConstructor':
      return `ROW${parenthesized(expression.fields, printExpression)}`
    case 'ArrayConstructor':
      return `ARRAY[${listed(expression.elements, printExpression)}]`
    case 'MultisetConstructor':
      return `MULTISET[${listed(expression.elements, printExpression)}]`
    case 'MapConstructor':
      return `MAP[${listed(expression.entries, ({ key, value }) => `${printExpression(key)}, ${printExpression(value)}`)}]`
    case 'FunctionCall':
      return printCall(expression)
    case 'Case':
      return printCase(expression)
    case 'Cast':
      return `${expression.safe ? 'TRY_CAST' : 'CAST'}(${printExpression(expression.operand)} AS ${printType(expression.type)})`
    case 'Trim':
      return `TRIM(${spaced(expression.side, expression.characters && printExpression(expression.characters), 'FROM', printExpression(expression.operand))})`
    case 'Exists':
      return `EXISTS (${printQuery(expression.query)})`
    case 'ScalarSubquery':
      return `(${printQuery(expression.query)})`
    case 'JsonExists':
    case 'JsonValue':
    case 'JsonQuery':
    case 'JsonObject':
    case 'JsonArray':
    case 'JsonObjectAgg':
    case 'JsonArrayAgg':
      return printJson(expression)
    default:
      return printOperation(expression)
  }
}

type Operation = Extract<
  Expression,
  {
    kind:
      | 'UnaryOperation'
      | 'BinaryOperation'
      | 'IsTest'
      | 'IsDistinctFrom'
      | 'IsJson'
      | 'Between'
      | 'Like'
      | 'InList'
      | 'InSubquery'
      | 'QuantifiedComparison'
      | 'Overlaps'
  }
>

function printOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'UnaryOperation':
      if (operation.operator === 'NOT') return `NOT ${at(strength.not, operation.operand)}`
      return signed(operation.operator, at(strength.sign, operation.operand))
    case 'BinaryOperation': {
      const own = binaryStrengths[operation.operator]
      return `${at(own, operation.left)} ${operation.operator} ${at(own + 1, operation.right)}`
    }
    case 'IsTest':
      return spaced(at(strength.is, operation.operand), 'IS', not(operation.negated), operation.test)
    case 'IsDistinctFrom':
      return spaced(
        at(strength.comparison, operation.left),
        'IS',
        not(operation.negated),
        'DISTINCT FROM',
        at(strength.predicate, operation.right),
      )
    case 'IsJson':
      return spaced(
        at(strength.is, operation.operand),
        'IS',
        not(operation.negated),
        'JSON',
        operation.jsonType,
      )
    case 'Between':
      return spaced(
        at(strength.predicate, operation.operand),
        not(operation.negated),
        operation.symmetric ? 'BETWEEN SYMMETRIC' : 'BETWEEN',
        at(strength.sum, operation.low),
        'AND',
        at(strength.sum, operation.high),
      )
    case 'Like':
      return spaced(
        at(strength.predicate, operation.operand),
        not(operation.negated),
        operation.operator,
        at(strength.sum, operation.pattern),
        operation.escape && `ESCAPE ${at(strength.sum, operation.escape)}`,
      )
    case 'InList':
      return spaced(
        at(strength.predicate, operation.operand),
        not(operation.negated),
        'IN',
        parenthesized(operation.items, printExpression),
      )
    case 'InSubquery':
      return spaced(
        at(strength.predicate, operation.operand),
        not(operation.negated),
        `IN (${printQuery(operation.query)})`,
      )
    case 'QuantifiedComparison':
      return spaced(
        at(strength.comparison, operation.operand),
        operation.operator,
        `${operation.quantifier} (${printQuery(operation.query)})`,
      )
    case 'Overlaps': {
      const pair = (start: Expression, end: Expression) => parenthesized([start, end], printExpression)
      const left = pair(operation.leftStart, operation.leftEnd)
      return `${left} OVERLAPS ${pair(operation.rightStart, operation.rightEnd)}`
    }
    default:
      return assertNever(operation, 'operation')
  }
}

const dateTimeWords = {
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_LTZ: 'TIMESTAMP WITH LOCAL TIME ZONE',
} as const

/** `- -1` keeps its space: `--` starts a comment. */
const signed = (sign: string, operand: string) =>
  operand.startsWith(sign) ? `${sign} ${operand}` : `${sign}${operand}`

/** A column reference before `.field` keeps parentheses: without them the field would join its path. */
function fieldBase(base: Expression): string {
  const text = at(strength.postfix, base)
  return base.kind === 'ColumnReference' || base.kind === 'NumberLiteral' ? `(${text})` : text
}

function printCase({ operand, branches, otherwise }: CaseExpression): string {
  return spaced(
    'CASE',
    operand && printExpression(operand),
    ...branches.map(({ when, result }) => `WHEN ${printExpression(when)} THEN ${printExpression(result)}`),
    otherwise && `ELSE ${printExpression(otherwise)}`,
    'END',
  )
}

/** Function names keep their spelling; reserved function words need no back-ticks before `(`. */
const printFunctionName = (name: readonly Identifier[]): string => {
  const [only] = name
  return name.length === 1 && !only!.quoted ? only!.name : printName(name)
}

export function printCall(call: FunctionCall): string {
  const name = printFunctionName(call.name)
  const special = printSpecialCall(call, name)
  if (special !== undefined) return special
  if (call.args.length === 0 && isNiladicFunction(name)) return name
  const args = listed(call.args, printArgument)
  return spaced(
    `${name}(${call.distinct ? 'DISTINCT ' : ''}${args})`,
    call.nullTreatment,
    clause('WITHIN GROUP', call.withinGroup, items => `(ORDER BY ${listed(items, printOrderItem)})`),
    call.filter && `FILTER (WHERE ${printExpression(call.filter)})`,
    call.over && `OVER ${printOver(call.over)}`,
  )
}

/** The calls whose syntax is not a list of arguments. An argument is printed once: twice would double with each level. */
function printSpecialCall({ name, args }: FunctionCall, printed: string): string | undefined {
  if (name.length > 1 || name[0].quoted) return undefined
  const argument = (i: number) => printArgument(args[i]!)
  switch (printed.toUpperCase()) {
    case 'EXTRACT':
      return `${printed}(${argument(0)} FROM ${argument(1)})`
    case 'FLOOR':
    case 'CEIL':
    case 'CEILING':
      if (args[1]?.value.kind !== 'TimeUnitArgument') return undefined
      return `${printed}(${argument(0)} TO ${argument(1)})`
    case 'POSITION': {
      const from = args[2] === undefined ? '' : ` FROM ${argument(2)}`
      const needle = at(strength.sum, args[0]!.value as Expression)
      return `${printed}(${needle} IN ${argument(1)}${from})`
    }
    case 'OVERLAY': {
      const length = args[3] === undefined ? '' : ` FOR ${argument(3)}`
      return `${printed}(${argument(0)} PLACING ${argument(1)} FROM ${argument(2)}${length})`
    }
    default:
      return undefined
  }
}

function printArgument({ name, value }: Argument): string {
  const text = printArgumentValue(value)
  return name === undefined ? text : `${printIdentifier(name)} => ${text}`
}

function printArgumentValue(value: ArgumentValue): string {
  switch (value.kind) {
    case 'Star':
      return printStar(value)
    case 'TimeUnitArgument':
      return value.unit
    case 'DefaultArgument':
      return 'DEFAULT'
    case 'Descriptor':
      return `DESCRIPTOR${printNames(value.columns)}`
    case 'TableArgument':
      return spaced(
        'kind' in value.table ? `(${printQuery(value.table)})` : `TABLE ${printName(value.table)}`,
        clause('PARTITION BY', value.partitionBy, items => parenthesized(items, printExpression)),
        clause('ORDER BY', value.orderBy, items => parenthesized(items, printOrderItem)),
      )
    default:
      return printExpression(value)
  }
}

export const printStar = ({ qualifier }: Star): string =>
  qualifier.length === 0 ? '*' : `${printName(qualifier)}.*`
