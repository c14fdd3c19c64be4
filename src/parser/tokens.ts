import { createToken, EOF, type IToken, Lexer, type TokenType } from 'chevrotain'
import {
  functionKeywords,
  type Keyword,
  niladicFunctions,
  nonReservedKeywords,
  otherReservedWords,
  reservedFunctions,
  reservedKeywords,
} from './keywords.ts'

const tokenType = (name: string, ...categories: TokenType[]): TokenType =>
  createToken({ name, pattern: Lexer.NA, categories })

const Identifier = tokenType('Identifier')
const FunctionName = tokenType('FunctionName')
const NiladicFunction = tokenType('NiladicFunction')

/**
 * Token types that are not keywords. Three are categories: `Identifier` (plain, back-ticked, and non-reserved
 * keywords), `FunctionName` (reserved words that may name a function) and `NiladicFunction`.
 */
export const t = {
  Identifier,
  FunctionName,
  NiladicFunction,
  PlainIdentifier: tokenType('PlainIdentifier', Identifier),
  QuotedIdentifier: tokenType('QuotedIdentifier', Identifier),
  ReservedWord: tokenType('ReservedWord'),
  ReservedFunction: tokenType('ReservedFunction', FunctionName),
  NiladicWord: tokenType('NiladicWord', NiladicFunction),
  String: tokenType('String'),
  Binary: tokenType('Binary'),
  Integer: tokenType('Integer'),
  Decimal: tokenType('Decimal'),
  Double: tokenType('Double'),
  HintStart: tokenType('HintStart'),
  HintEnd: tokenType('HintEnd'),
  LeftParen: tokenType('LeftParen'),
  RightParen: tokenType('RightParen'),
  LeftBracket: tokenType('LeftBracket'),
  RightBracket: tokenType('RightBracket'),
  LeftBrace: tokenType('LeftBrace'),
  RightBrace: tokenType('RightBrace'),
  Comma: tokenType('Comma'),
  Dot: tokenType('Dot'),
  Semicolon: tokenType('Semicolon'),
  Colon: tokenType('Colon'),
  Question: tokenType('Question'),
  Plus: tokenType('Plus'),
  Minus: tokenType('Minus'),
  Star: tokenType('Star'),
  Slash: tokenType('Slash'),
  Percent: tokenType('Percent'),
  Concat: tokenType('Concat'),
  Equals: tokenType('Equals'),
  NotEquals: tokenType('NotEquals'),
  Less: tokenType('Less'),
  LessOrEqual: tokenType('LessOrEqual'),
  Greater: tokenType('Greater'),
  GreaterOrEqual: tokenType('GreaterOrEqual'),
  Arrow: tokenType('Arrow'),
  /** `|`, `^` and the like: known so that the parser can say what is not supported. */
  OtherSymbol: tokenType('OtherSymbol'),
  End: EOF,
} as const

function keywordType(word: Keyword, isReserved: boolean): TokenType {
  if (!isReserved) return tokenType(word, Identifier)
  if (functionKeywords.has(word)) return tokenType(word, FunctionName)
  return word === 'USER' ? tokenType(word, NiladicFunction) : tokenType(word)
}

/** The token type of every keyword the grammar names. */
export const k = Object.fromEntries([
  ...reservedKeywords.map(word => [word, keywordType(word, true)]),
  ...nonReservedKeywords.map(word => [word, keywordType(word, false)]),
]) as { readonly [W in Keyword]: TokenType }

export const allTokenTypes: TokenType[] = [...Object.values(t), ...Object.values(k)]

/** The type of every special word, by its upper-case spelling; other words are plain identifiers. */
export const wordTypes: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ...otherReservedWords.map(word => [word, t.ReservedWord] as const),
  ...reservedFunctions.map(word => [word, t.ReservedFunction] as const),
  ...niladicFunctions.map(word => [word, t.NiladicWord] as const),
  ...(Object.entries(k) as [string, TokenType][]),
])

/** Whether a plain identifier of this spelling must be back-ticked. */
export function isReservedWord(word: string): boolean {
  const type = wordTypes.get(word.toUpperCase())
  return type !== undefined && !(type.CATEGORIES ?? []).includes(Identifier)
}

/** The text a token stands for: the unescaped string or name, else its image. */
export function tokenValue(token: IToken): string {
  return (token.payload as string | undefined) ?? token.image
}

export function isQuoted(token: IToken): boolean {
  return token.tokenType === t.QuotedIdentifier
}

/** Whether a function may be called without parentheses: CURRENT_DATE and the like. */
export function isNiladicFunction(name: string): boolean {
  return wordTypes.get(name.toUpperCase())?.CATEGORIES?.includes(NiladicFunction) === true
}
