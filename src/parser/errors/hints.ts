import type { IToken, TokenType } from 'chevrotain'
import { isReservedWord, k, t } from '../tokens.ts'

export interface Failure {
  readonly tokens: readonly IToken[]
  readonly index: number
  readonly expected: ReadonlySet<TokenType>
  /** Rules from the entry to the place of the failure. */
  readonly ruleStack: readonly string[]
}

/** The usual traps. The first hint that fits is given; undefined when none does. */
export function hintFor(failure: Failure): string | undefined {
  for (const trap of traps) {
    const hint = trap(failure)
    if (hint !== undefined) return hint
  }
  return undefined
}

type Trap = (failure: Failure) => string | undefined

const found = ({ tokens, index }: Failure): IToken | undefined => tokens[index]
const before = ({ tokens, index }: Failure): IToken | undefined => tokens[index - 1]
const isAt = (token: IToken | undefined, ...types: readonly TokenType[]) =>
  token !== undefined && types.includes(token.tokenType)

const quotedOption: Trap = failure => {
  const isProperty = failure.ruleStack.slice(-2).includes('properties')
  if (!isProperty || !failure.expected.has(t.String)) return undefined
  return "option keys and values are strings: 'connector' = 'kafka'"
}

const quotedInterval: Trap = failure => {
  if (failure.ruleStack.at(-1) !== 'intervalLiteral' || !failure.expected.has(t.String)) return undefined
  return "the number of an interval is quoted: INTERVAL '5' SECOND"
}

const doubledEquals: Trap = failure =>
  isAt(found(failure), t.Equals) && isAt(before(failure), t.Equals) ? 'equality is a single =' : undefined

const replacedWords = new Map([
  ['MINUS', 'write EXCEPT'],
  ['ILIKE', 'ILIKE is for SHOW only; write LOWER(x) LIKE …'],
  ['RLIKE', 'write REGEXP(x, pattern)'],
  ['DATETIME', 'write TIMESTAMP(3)'],
  ['REAL', 'write FLOAT'],
  ['BLOB', 'write BYTES'],
  ['CLOB', 'write STRING'],
  ['UNIQUE', 'UNIQUE constraints are not supported; use PRIMARY KEY (…) NOT ENFORCED'],
  ['RECURSIVE', 'recursive queries are not supported'],
  ['COLUMN', 'leave the word COLUMN out'],
  ['TABLESAMPLE', 'sampling is not supported'],
  ['STREAM', 'leave the word STREAM out: every query is a streaming query'],
])

/** What another dialect's word is called here. */
export const otherDialect: Trap = failure => replacedWords.get(found(failure)?.image.toUpperCase() ?? '')

const parameter: Trap = failure =>
  isAt(found(failure), t.Question)
    ? 'there are no ? parameters; write the value, or a named parameter that is replaced before parsing'
    : undefined

const lengthOfString: Trap = failure =>
  isAt(found(failure), t.LeftParen) && isAt(before(failure), k.STRING, k.BYTES)
    ? 'STRING and BYTES have no length; VARCHAR(n) and VARBINARY(n) do'
    : undefined

/** Words that shape a statement: where one of them stands, something before it is missing. */
const structural: ReadonlySet<string> = new Set([
  ...[
    'SELECT',
    'FROM',
    'WHERE',
    'GROUP',
    'ORDER',
    'BY',
    'HAVING',
    'UNION',
    'EXCEPT',
    'INTERSECT',
    'JOIN',
    'ON',
    'AS',
  ],
  ...[
    'AND',
    'OR',
    'NOT',
    'IN',
    'INSERT',
    'INTO',
    'VALUES',
    'CREATE',
    'WITH',
    'END',
    'THEN',
    'WHEN',
    'ELSE',
    'LIMIT',
  ],
  ...[
    'LEFT',
    'RIGHT',
    'FULL',
    'INNER',
    'CROSS',
    'USING',
    'SET',
    'DROP',
    'ALTER',
    'BETWEEN',
    'LIKE',
    'IS',
    'OVER',
  ],
  ...['FOR', 'TO', 'TABLE', 'DISTINCT', 'ALL', 'LATERAL', 'UNNEST', 'WINDOW', 'QUALIFY', 'EXPLAIN', 'SHOW'],
])

const declaresName = new Set(['tableElement', 'columnDefinition', 'typeFields', 'nameList'])

const reservedName: Trap = failure => {
  const token = found(failure)
  if (token === undefined || !isReservedWord(token.image) || !failure.expected.has(t.Identifier))
    return undefined
  const word = token.image
  const isDeclaration = declaresName.has(failure.ruleStack.at(-1) ?? '')
  const afterNameWord = isAt(before(failure), t.Dot, k.AS)
  if (structural.has(word.toUpperCase()) && !isDeclaration && !afterNameWord) return undefined
  return `${word.toUpperCase()} is a reserved word; as a name it takes back-ticks: \`${word}\``
}

const trailingComma: Trap = failure => {
  const token = found(failure)
  const endsList = token === undefined || isAt(token, t.RightParen, k.FROM, k.WHERE, t.Semicolon)
  return endsList && isAt(before(failure), t.Comma) ? 'remove the comma before it' : undefined
}

const statementStarts = [
  ...[
    k.SELECT,
    k.INSERT,
    k.CREATE,
    k.DROP,
    k.ALTER,
    k.SET,
    k.RESET,
    k.EXPLAIN,
    k.SHOW,
    k.DESCRIBE,
    k.EXECUTE,
  ],
  ...[k.USE, k.BEGIN],
]

const missingSemicolon: Trap = failure =>
  isAt(found(failure), ...statementStarts) && failure.expected.has(t.Semicolon)
    ? 'statements are separated by ;'
    : undefined

const unclosed: Trap = failure => {
  if (
    !failure.expected.has(t.RightParen) ||
    !(found(failure) === undefined || isAt(found(failure), t.Semicolon))
  )
    return undefined
  const open: IToken[] = []
  for (const token of failure.tokens.slice(0, failure.index)) {
    if (token.tokenType === t.LeftParen) open.push(token)
    else if (token.tokenType === t.RightParen) open.pop()
  }
  const innermost = open.at(-1)
  if (innermost === undefined) return undefined
  return `the ( at line ${innermost.startLine}, column ${innermost.startColumn} is not closed`
}

const unopened: Trap = failure =>
  isAt(found(failure), t.RightParen) && !failure.expected.has(t.RightParen) && isBalanced(failure)
    ? 'there is no ( that this ) closes'
    : undefined

function isBalanced({ tokens, index }: Failure): boolean {
  let depth = 0
  for (const token of tokens.slice(0, index)) {
    if (token.tokenType === t.LeftParen) depth++
    else if (token.tokenType === t.RightParen) depth--
  }
  return depth === 0
}

const missingComma: Trap = failure => {
  const token = found(failure)
  if (token === undefined || !failure.expected.has(t.Comma)) return undefined
  const startsItem =
    isAt(
      token,
      t.String,
      t.Integer,
      t.Decimal,
      t.PlainIdentifier,
      t.QuotedIdentifier,
      k.WATERMARK,
      k.PRIMARY,
    ) || (token.tokenType.CATEGORIES ?? []).includes(t.Identifier)
  return startsItem ? 'a comma may be missing before it' : undefined
}

const traps: readonly Trap[] = [
  quotedOption,
  quotedInterval,
  doubledEquals,
  otherDialect,
  parameter,
  lengthOfString,
  reservedName,
  trailingComma,
  missingSemicolon,
  unclosed,
  unopened,
  missingComma,
]
