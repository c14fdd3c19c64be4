import type { IRecognitionException, IToken, TokenType } from 'chevrotain'
import {
  type MillraceError,
  nearestName,
  parseError,
  type SourcePosition,
  type SourceText,
} from '../../errors/index.ts'
import { type Grammar, positionOf, type RuleOf } from '../grammar/grammar.ts'
import { isReservedWord, t } from '../tokens.ts'
import { expectedKeywords, expectedWords } from './expected.ts'
import { type Failure, hintFor, otherDialect } from './hints.ts'

export interface FailedParse {
  readonly grammar: Grammar
  readonly rule: RuleOf<unknown>
  readonly tokens: IToken[]
  readonly failure: IRecognitionException
  readonly source: SourceText
}

/**
 * The ParseError of a failed parse. The text is parsed a second time to collect every token that would have been
 * right at the place of failure, which the first, fast parse does not keep.
 */
export function describeFailure(parse: FailedParse): MillraceError {
  const { tokens, failure, source } = parse
  const at = tokens.indexOf(failure.token)
  const index = at < 0 ? tokens.length : at
  const misspelt = misspeltBefore(parse, index)
  if (misspelt !== undefined) return misspelt
  const expected = expectedAt(parse, index)
  const ruleStack = failure.context.ruleStack.map(name => name.replace(/Rule$/, ''))
  const place: Failure = { tokens, index, expected, ruleStack }
  const token = tokens[index]
  const isForeign = otherDialect(place) !== undefined
  const nearest = token === undefined || isForeign ? undefined : nearestKeyword(token, expected)
  const position = token === undefined ? endOf(tokens, source) : positionOf(token)
  const code = token === undefined ? 'MR_PARSE_UNEXPECTED_END' : 'MR_PARSE_UNEXPECTED'
  return parseError(code, `unexpected ${describeToken(token)}`, {
    position,
    source,
    expected: expectedWords(expected, nameKind(ruleStack)),
    nearest,
    hint: nearest === undefined ? hintFor(place) : undefined,
  })
}

function expectedAt({ grammar, rule, tokens }: FailedParse, index: number): ReadonlySet<TokenType> {
  return grammar.expectedAt(index, tokens, () => rule.call(grammar))
}

/** What else could stand where a token was accepted: seen by putting one there that never is. */
function expectedInsteadOf(parse: FailedParse, index: number, accepted: IToken): ReadonlySet<TokenType> {
  const wrong: IToken = { ...accepted, tokenType: t.OtherSymbol, tokenTypeIdx: t.OtherSymbol.tokenTypeIdx! }
  return expectedAt({ ...parse, tokens: parse.tokens.with(index, wrong) }, index)
}

/**
 * `SELECT a FORM t`: FORM was taken as an alias and the parse failed one word later. If the word before is no
 * keyword but nearly one that would have been right there, it is the culprit.
 */
function misspeltBefore(parse: FailedParse, index: number): MillraceError | undefined {
  const culprit = parse.tokens[index - 1]
  if (culprit?.tokenType !== t.PlainIdentifier || culprit.image.length < 3) return undefined
  const expected = expectedInsteadOf(parse, index - 1, culprit)
  if (!expected.has(t.Identifier)) return undefined
  const nearest = nearestName(culprit.image, expectedKeywords(expected))
  if (nearest === undefined || !followsWell(nearest, parse.tokens[index])) return undefined
  return parseError('MR_PARSE_UNEXPECTED', `unexpected ${describeToken(culprit)}`, {
    position: positionOf(culprit),
    source: parse.source,
    expected: expectedWords(expected, 'a name'),
    nearest,
  })
}

/** A misspelt AND, OR, IN and so on is too short to tell from a name: only clause words are blamed. */
function followsWell(keyword: string, next: IToken | undefined): boolean {
  return keyword.length >= 4 && next !== undefined
}

function nearestKeyword(token: IToken, expected: ReadonlySet<TokenType>): string | undefined {
  const isWord = /^[\p{L}_]/u.test(token.image) && token.image.length >= 3
  if (!isWord || token.tokenType === t.QuotedIdentifier || token.tokenType === t.String) return undefined
  if (isReservedWord(token.image) && expected.has(t.Identifier)) return undefined
  const nearest = nearestName(token.image, expectedKeywords(expected))
  return nearest?.toUpperCase() === token.image.toUpperCase() ? undefined : nearest
}

function describeToken(token: IToken | undefined): string {
  if (token === undefined) return 'end of input'
  const { tokenType: type, image } = token
  if (type === t.String) return `string ${shortened(image)}`
  if (type === t.Integer || type === t.Decimal || type === t.Double) return `number ${image}`
  if (type === t.PlainIdentifier || type === t.QuotedIdentifier) return `name ${shortened(image)}`
  if (/^\p{L}/u.test(image)) return `keyword ${image.toUpperCase()}`
  return `'${image}'`
}

function shortened(image: string): string {
  const [firstLine = ''] = image.split('\n')
  return firstLine.length > 40 || firstLine !== image ? `${firstLine.slice(0, 40)}…` : image
}

const nameKinds: readonly (readonly [string, string])[] = [
  ['tableElement', 'a column name'],
  ['columnDefinition', 'a column name'],
  ['nameList', 'a column name'],
  ['selectItem', 'an alias'],
  ['tableAlias', 'an alias'],
  ['relationPrimary', 'a table name'],
  ['namedRelation', 'a table name'],
  ['insert', 'a table name'],
  ['typeFields', 'a field name'],
  ['patternVariable', 'a pattern variable'],
  ['expression', 'a column name'],
]

/** What a name would name: told by the innermost rule that says it. */
function nameKind(ruleStack: readonly string[]): string {
  for (const rule of ruleStack.toReversed()) {
    const kind = nameKinds.find(([name]) => name === rule)
    if (kind !== undefined) return kind[1]
  }
  return 'a name'
}

/** Just behind the last token, where what is missing would stand. */
function endOf(tokens: readonly IToken[], source: SourceText): SourcePosition {
  const last = tokens.at(-1)
  const offset = last === undefined ? source.text.length : last.endOffset! + 1
  const lines = source.text.slice(0, offset).split(/\r\n|\n|\r/)
  return { offset, line: lines.length, column: lines.at(-1)!.length + 1, length: 1 }
}
