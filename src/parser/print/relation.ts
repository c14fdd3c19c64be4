import { assertNever } from '../../errors/index.ts'
import type {
  AfterMatch,
  Hint,
  HintArgument,
  Join,
  MatchRecognize,
  PatternVariable,
  Relation,
  TableAlias,
} from '../ast/index.ts'
import { printCall, printExpression } from './expression.ts'
import { printOrderItem, printQuery } from './query.ts'
import {
  clause,
  listed,
  type Piece,
  parenthesized,
  printIdentifier,
  printName,
  printNames,
  printProperties,
  quoteString,
  spaced,
} from './words.ts'

export function printRelation(relation: Relation): string {
  switch (relation.kind) {
    case 'TableReference':
      return spaced(
        printName(relation.name),
        printHints(relation.hints),
        relation.systemTime && `FOR SYSTEM_TIME AS OF ${printExpression(relation.systemTime)}`,
        alias(relation.alias),
      )
    case 'DerivedTable':
      return spaced(relation.lateral && 'LATERAL', `(${printQuery(relation.query)})`, alias(relation.alias))
    case 'TableFunction': {
      const call = `TABLE(${printCall(relation.call)})`
      return spaced(relation.lateral && 'LATERAL', call, alias(relation.alias))
    }
    case 'Unnest':
      return spaced(
        `UNNEST${parenthesized(relation.operands, printExpression)}`,
        relation.withOrdinality && 'WITH ORDINALITY',
        alias(relation.alias),
      )
    case 'Join':
      return printJoin(relation)
    case 'MatchRecognize':
      return printMatch(relation)
    default:
      return assertNever(relation, 'relation')
  }
}

const alias = (given: TableAlias | undefined): Piece =>
  given && spaced('AS', printIdentifier(given.name), given.columns.length > 0 && printNames(given.columns))

function printJoin(join: Join): string {
  const { joinType, natural, left, right, condition } = join
  if (joinType === 'COMMA') {
    const isComma = right.kind === 'Join' && right.joinType === 'COMMA'
    const last = printRelation(right)
    return `${printRelation(left)}, ${isComma ? `(${last})` : last}`
  }
  const isLoose = left.kind === 'Join' && left.joinType === 'COMMA'
  const first = printRelation(left)
  const last = printRelation(right)
  return spaced(
    isLoose ? `(${first})` : first,
    natural && 'NATURAL',
    joinType === 'INNER' ? 'JOIN' : `${joinType} JOIN`,
    right.kind === 'Join' ? `(${last})` : last,
    condition?.kind === 'JoinOn' && `ON ${printExpression(condition.expression)}`,
    condition?.kind === 'JoinUsing' && `USING ${printNames(condition.columns)}`,
  )
}

export function printHints(hints: readonly Hint[]): Piece {
  return hints.length === 0 ? undefined : `/*+ ${listed(hints, printHint)} */`
}

function printHint({ name, properties, args }: Hint): string {
  const printed = printIdentifier(name)
  if (properties.length > 0) return `${printed}${printProperties(properties)}`
  return args.length > 0 ? `${printed}${parenthesized(args, printHintArgument)}` : printed
}

const printHintArgument = ({ text, form, position }: HintArgument) => {
  if (form === 'string') return quoteString(text)
  if (form === 'number') return text
  return printIdentifier({ kind: 'Identifier', name: text, quoted: false, position })
}

function printMatch(match: MatchRecognize): string {
  const clauses = spaced(
    clause('PARTITION BY', match.partitionBy, keys => listed(keys, printExpression)),
    clause('ORDER BY', match.orderBy, items => listed(items, printOrderItem)),
    clause('MEASURES', match.measures, measures =>
      listed(measures, ({ expression, semantics, alias }) =>
        spaced(semantics, printExpression(expression), 'AS', printIdentifier(alias)),
      ),
    ),
    'ONE ROW PER MATCH',
    match.afterMatch && `AFTER MATCH SKIP ${printSkip(match.afterMatch)}`,
    `PATTERN (${match.pattern.map(printPatternVariable).join(' ')})`,
    match.within && `WITHIN ${printExpression(match.within)}`,
    clause('DEFINE', match.definitions, definitions =>
      listed(definitions, ({ variable, condition }) =>
        spaced(printIdentifier(variable), 'AS', printExpression(condition)),
      ),
    ),
  )
  const input = printRelation(match.input)
  const isNested =
    match.input.kind === 'Join' || match.input.kind === 'MatchRecognize' || match.input.alias !== undefined
  return spaced(isNested ? `(${input})` : input, `MATCH_RECOGNIZE (${clauses})`, alias(match.alias))
}

function printSkip(skip: AfterMatch): string {
  switch (skip.kind) {
    case 'SkipPastLastRow':
      return 'PAST LAST ROW'
    case 'SkipToNextRow':
      return 'TO NEXT ROW'
    case 'SkipToFirst':
      return `TO FIRST ${printIdentifier(skip.variable)}`
    case 'SkipToLast':
      return `TO LAST ${printIdentifier(skip.variable)}`
    default:
      return assertNever(skip, 'skip strategy')
  }
}

function printPatternVariable({ name, min, max, reluctant }: PatternVariable): string {
  const times = quantifier(min, max)
  return `${printIdentifier(name)}${reluctant ? `${times || '{1}'}?` : times}`
}

function quantifier(min: number, max: number | undefined): string {
  if (max === undefined) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  if (min === 1 && max === 1) return ''
  if (min === 0 && max === 1) return '?'
  return min === max ? `{${min}}` : `{${min},${max}}`
}
