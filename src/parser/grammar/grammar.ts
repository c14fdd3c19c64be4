import { EmbeddedActionsParser, type IToken, type ParserMethod, type TokenType } from 'chevrotain'
import { parseError, type SourcePosition } from '../../errors/index.ts'
import type { Identifier } from '../ast/index.ts'
import { allTokenTypes, isQuoted, t, tokenValue } from '../tokens.ts'
import { orderedChoice, type StartTable } from './lookahead.ts'

export type RuleOf<T> = ParserMethod<[], T>
export interface Choice<T> {
  readonly GATE?: () => boolean
  readonly ALT: () => T
}

/**
 * The parser the grammar files define their rules on. Every `opt`, `alt` and `rep` of one rule needs its own
 * index (a test checks it); `take` and `sub` need none. Rule bodies also run once while Chevrotain records the
 * grammar, with placeholder tokens and results: they may build nodes from them, but neither throw nor iterate.
 */
const MAX_CHAIN = 1000
const CHAIN_HINT = 'write a chain of OR as IN (…), or use parentheses, views or WITH tables for parts of it'

export class Grammar extends EmbeddedActionsParser {
  /** While looking for what was expected: the token index the parse failed at, else -1. */
  #watchedIndex = -1
  #expected: Set<TokenType> = new Set()
  #required: Set<TokenType> = new Set()

  constructor() {
    super(allTokenTypes, {
      lookaheadStrategy: orderedChoice(),
      maxLookahead: 1,
      skipValidations: true,
      recoveryEnabled: false,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => {
          if (this.#atWatchedIndex()) this.#required.add(expected)
          return ''
        },
        buildNotAllInputParsedMessage: () => '',
        buildNoViableAltMessage: () => '',
        buildEarlyExitMessage: () => '',
      },
    })
  }

  /** Ends the definition of rules: the grammar is recorded now. */
  complete(): void {
    this.performSelfAnalysis()
  }

  rule<T>(name: string, body: () => T): RuleOf<T> {
    // Chevrotain makes every rule a method of the parser: a bare `reset` would replace one of its own.
    return this.RULE(`${name}Rule`, body)
  }

  take(type: TokenType): IToken {
    return this.CONSUME(type)
  }

  sub<T>(rule: RuleOf<T>): T {
    return this.SUBRULE(rule)
  }

  opt<T>(index: number, body: () => T, gate?: () => boolean): T | undefined {
    return this.option(index, gate === undefined ? body : { GATE: gate, DEF: body })
  }

  alt<T>(index: number, choices: Choice<T>[]): T {
    return this.or(index, choices as never) as T
  }

  rep(index: number, body: () => void, gate?: () => boolean): void {
    this.many(index, gate === undefined ? body : { GATE: gate, DEF: body })
  }

  /**
   * A loop whose every turn puts what stands to the left one level deeper. What walks the tree, and the code made
   * from it, have a stack: better a ParseError here than an overflow there.
   */
  chain(index: number, body: () => void, gate?: () => boolean): void {
    let length = 0
    const link = () => {
      if (++length > MAX_CHAIN)
        this.refuse(
          'MR_PARSE_TOO_DEEP',
          `more than ${MAX_CHAIN} operators in a row`,
          this.peek(1),
          CHAIN_HINT,
        )
      body()
    }
    this.rep(index, link, gate)
  }

  atLeastOnce(index: number, body: () => void): void {
    this.atLeastOne(index, body)
  }

  /** The tokens in order, given at least one. */
  words(...types: readonly TokenType[]): void {
    for (const type of types) this.take(type)
  }

  /** Whether the optional tokens are there; if the first is, the others must follow. */
  has(index: number, ...types: readonly TokenType[]): boolean {
    return (
      this.opt(index, () => {
        this.words(...types)
        return true
      }) === true
    )
  }

  /** One of several single tokens; the answer is the value given for it. */
  oneOf<T>(index: number, choices: readonly (readonly [TokenType, T])[]): T {
    return this.alt(
      index,
      choices.map(([type, value]) => ({
        ALT: () => {
          this.take(type)
          return value
        },
      })),
    )
  }

  /** `item, item, …`, at least one. */
  list<T>(index: number, item: () => T): T[] {
    const items = [item()]
    this.rep(index, () => {
      this.take(t.Comma)
      items.push(item())
    })
    return items
  }

  /** `( item, item, … )`. */
  parenthesized<T>(index: number, item: () => T): T[] {
    this.take(t.LeftParen)
    const items = this.list(index, item)
    this.take(t.RightParen)
    return items
  }

  name(): Identifier {
    const token = this.take(t.Identifier)
    return {
      kind: 'Identifier',
      name: tokenValue(token),
      quoted: isQuoted(token),
      position: positionOf(token),
    }
  }

  /** The token `offset` places ahead (1 is the next), without consuming it. */
  peek(offset: number): IToken {
    return this.LA(offset)
  }

  /** Whether the tokens ahead are of these types, in order. */
  ahead(...types: readonly TokenType[]): boolean {
    return types.every((type, i) => this.isAt(i + 1, type))
  }

  isAt(offset: number, type: TokenType): boolean {
    return this.tokenIs(this.LA(offset), type)
  }

  tokenIs(token: IToken, type: TokenType): boolean {
    return token.tokenTypeIdx === type.tokenTypeIdx || type.categoryMatchesMap?.[token.tokenTypeIdx] === true
  }

  /** Marks where a node begins; `span` makes its position from there to the last token consumed. */
  mark(): IToken {
    return this.LA(1)
  }

  span(start: IToken): SourcePosition {
    const last = this.LA(0)
    return {
      offset: start.startOffset,
      line: start.startLine!,
      column: start.startColumn!,
      length: Math.max(1, last.endOffset! + 1 - start.startOffset),
    }
  }

  /** Runs `body` only while really parsing, never while the grammar is recorded. */
  act(body: () => void): void {
    this.ACTION(body)
  }

  /** A refusal that knows better than the grammar what is wrong; call inside `act`. */
  refuse(code: string, message: string, at: IToken, hint?: string): never {
    throw parseError(code, message, { position: positionOf(at), hint })
  }

  refuseAt(code: string, message: string, position: SourcePosition, hint?: string): never {
    throw parseError(code, message, { position, hint })
  }

  nextTypeIndex(): number {
    return this.LA(1).tokenTypeIdx
  }

  noteExpected(table: StartTable): void {
    if (!this.#atWatchedIndex()) return
    for (const type of table.types) this.#expected.add(type)
  }

  noteRequired(tables: readonly StartTable[]): void {
    if (!this.#atWatchedIndex()) return
    for (const { types } of tables) for (const type of types) this.#required.add(type)
  }

  #atWatchedIndex(): boolean {
    return this.#watchedIndex >= 0 && this.exportLexerIndex() === this.#watchedIndex
  }

  /** Index of the token that comes next. */
  exportLexerIndex(): number {
    return (this as unknown as { readonly currIdx: number }).currIdx + 1
  }

  /**
   * Parses again, noting every token that would have been accepted at the index where the first parse failed:
   * first those without which the parse could not go on, then the optional ones.
   */
  expectedAt(index: number, tokens: IToken[], run: () => void): ReadonlySet<TokenType> {
    this.#watchedIndex = index
    this.#expected = new Set()
    this.#required = new Set()
    try {
      this.input = tokens
      run()
    } finally {
      this.#watchedIndex = -1
    }
    return new Set([...this.#required, ...this.#expected])
  }
}

export function positionOf(token: IToken): SourcePosition {
  return {
    offset: token.startOffset,
    line: token.startLine!,
    column: token.startColumn!,
    length: Math.max(1, token.endOffset! + 1 - token.startOffset),
  }
}
