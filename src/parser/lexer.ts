import type { IToken, TokenType } from 'chevrotain'
import { parseError, type SourcePosition, type SourceText } from '../errors/index.ts'
import { k, t, wordTypes } from './tokens.ts'

/**
 * Text → tokens. Written by hand: some six hundred special words are one map lookup instead of as many patterns,
 * and what is wrong with a string or comment is known where it begins. Throws a ParseError.
 */
export function tokenize(source: SourceText): IToken[] {
  return new Scanner(source).run()
}

const blank = /(?:\s+|--[^\n\r]*)+/y
const word = /[\p{L}_$][\p{L}\p{N}\p{M}_$]*/uy
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
// No alternatives in a loop: a loop over single characters needs no stack, whatever the length.
const quoted = /`[^`]*(?:``[^`]*)*`/y
const text = /'[^']*(?:''[^']*)*'/y
const prefixedText = /(?:[uU]&|[xX]|[nN]|_[A-Za-z][\w-]*)(?=')/y
const unicodeEscape = /\s*UESCAPE\s*'([^'])'/iy
const rawSetting = /\s+([^\s=;']+)\s*=[ \t]*(?:'([^']*(?:''[^']*)*)'[ \t]*(?=;|\r|\n|$)|([^;\n\r]*))/y
const rawKey = /[ \t]+([^\s=;']+)\s*(?=;|$)/y

const symbols: readonly (readonly [string, TokenType])[] = [
  ['||', t.Concat],
  ['<>', t.NotEquals],
  ['!=', t.NotEquals],
  ['<=', t.LessOrEqual],
  ['>=', t.GreaterOrEqual],
  ['=>', t.Arrow],
  ['(', t.LeftParen],
  [')', t.RightParen],
  ['[', t.LeftBracket],
  [']', t.RightBracket],
  ['{', t.LeftBrace],
  ['}', t.RightBrace],
  [',', t.Comma],
  ['.', t.Dot],
  [';', t.Semicolon],
  [':', t.Colon],
  ['?', t.Question],
  ['+', t.Plus],
  ['-', t.Minus],
  ['*', t.Star],
  ['/', t.Slash],
  ['%', t.Percent],
  ['=', t.Equals],
  ['<', t.Less],
  ['>', t.Greater],
  ['|', t.OtherSymbol],
  ['^', t.OtherSymbol],
]

class Scanner {
  readonly #source: SourceText
  readonly #text: string
  readonly #tokens: IToken[] = []
  #at = 0
  #line = 1
  #lineStart = 0
  #hintStart: SourcePosition | undefined

  constructor(source: SourceText) {
    this.#source = source
    this.#text = source.text
  }

  run(): IToken[] {
    for (this.#skipBlanks(); this.#at < this.#text.length; this.#skipBlanks()) this.#next()
    if (this.#hintStart !== undefined)
      this.#fail('MR_PARSE_UNTERMINATED_HINT', 'this hint has no end', this.#hintStart, 'end it with */')
    return this.#tokens
  }

  #next(): void {
    const character = this.#text[this.#at]!
    if (character === "'") this.#string(this.#at)
    else if (character === '`') this.#quotedName()
    else if (character === '"') this.#refuseDoubleQuotes()
    else if (this.#text.startsWith('${', this.#at)) this.#refuseParameter()
    else if (this.#match(prefixedText) !== undefined) this.#prefixedString()
    else if (/[0-9]/.test(character) || (character === '.' && /[0-9]/.test(this.#text[this.#at + 1] ?? '')))
      this.#number()
    else if (this.#match(word) !== undefined) this.#word()
    else this.#symbol()
  }

  /** Skips spaces and comments, but not hints; keeps count of lines. */
  #skipBlanks(): void {
    for (;;) {
      const spaces = this.#match(blank)
      if (spaces !== undefined) {
        this.#advance(spaces.length)
        continue
      }
      const isComment = this.#text.startsWith('/*', this.#at) && this.#text[this.#at + 2] !== '+'
      if (!isComment) return
      const end = this.#text.indexOf('*/', this.#at + 2)
      if (end < 0)
        this.#fail(
          'MR_PARSE_UNTERMINATED_COMMENT',
          'this comment has no end',
          this.#here(2),
          'end it with */',
        )
      this.#advance(end + 2 - this.#at)
    }
  }

  #string(start: number, transform = (value: string) => value, type: TokenType = t.String): void {
    const image = this.#matchAt(text, this.#at)
    if (image === undefined)
      this.#fail(
        'MR_PARSE_UNTERMINATED_STRING',
        'this string has no end',
        this.#here(1),
        "end it with ', and write '' for a quote inside",
      )
    const value = transform(image.slice(1, -1).replaceAll("''", "'"))
    this.#push(type, this.#at + image.length - start, value, start)
  }

  /** `U&'…'`, `X'…'`, `N'…'` and `_utf8'…'`; the character set is ignored, since all text is Unicode. */
  #prefixedString(): void {
    const start = this.#at
    const prefix = this.#match(prefixedText)!
    this.#at += prefix.length
    if (prefix.toUpperCase() === 'X') this.#string(start, value => this.#checkedHex(value, start), t.Binary)
    else if (prefix.toUpperCase() === 'U&') this.#string(start, value => this.#unescapeUnicode(value, start))
    else this.#string(start)
  }

  #checkedHex(value: string, start: number): string {
    if (value.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(value)) {
      this.#at = start
      this.#fail('MR_PARSE_BINARY', "X'…' takes pairs of hexadecimal digits", this.#here(value.length + 3))
    }
    return value
  }

  #unescapeUnicode(value: string, start: number): string {
    const after = this.#at + this.#matchAt(text, this.#at)!.length
    unicodeEscape.lastIndex = after
    const custom = unicodeEscape.exec(this.#text)
    const marker = custom?.[1] ?? '\\'
    this.#pendingSuffix = custom?.[0].length ?? 0
    const sign = marker.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const pattern = new RegExp(`${sign}(?:${sign}|\\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4}))|${sign}`, 'g')
    return value.replace(pattern, (found, long?: string, short?: string) => {
      const digits = long ?? short
      if (digits !== undefined && Number.parseInt(digits, 16) <= 0x10ffff)
        return String.fromCodePoint(Number.parseInt(digits, 16))
      if (found === marker + marker) return marker
      this.#at = start
      return this.#fail(
        'MR_PARSE_UNICODE_ESCAPE',
        `bad escape in U&'…'`,
        this.#here(3),
        `write ${marker}0041 or ${marker}+01F600`,
      )
    })
  }

  /** Length of a UESCAPE clause that belongs to the string just read. */
  #pendingSuffix = 0

  #quotedName(): void {
    const image = this.#match(quoted)
    if (image === undefined)
      this.#fail(
        'MR_PARSE_UNTERMINATED_NAME',
        'this back-ticked name has no end',
        this.#here(1),
        'end it with `',
      )
    if (image.length === 2) this.#fail('MR_PARSE_EMPTY_NAME', 'a name cannot be empty', this.#here(2))
    this.#push(t.QuotedIdentifier, image.length, image.slice(1, -1).replaceAll('``', '`'))
  }

  #refuseDoubleQuotes(): never {
    const end = this.#text.indexOf('"', this.#at + 1)
    const length = end < 0 ? 1 : end + 1 - this.#at
    return this.#fail(
      'MR_PARSE_DOUBLE_QUOTES',
      'double quotes have no meaning here',
      this.#here(length),
      "strings take single quotes: 'text'; names take back-ticks: `name`",
    )
  }

  #refuseParameter(): never {
    const end = this.#text.indexOf('}', this.#at)
    const length = end < 0 ? 2 : end + 1 - this.#at
    return this.#fail(
      'MR_PARSE_PARAM',
      `${this.#text.slice(this.#at, this.#at + length)} was not replaced`,
      this.#here(length),
      'parameters are given before parsing, by name',
    )
  }

  #number(): void {
    const image = this.#match(number)!
    const after = this.#matchAt(word, this.#at + image.length)
    if (after !== undefined)
      this.#fail(
        'MR_PARSE_NUMBER',
        `'${image}${after}' is neither a number nor a name`,
        this.#here(image.length + after.length),
        'a name that starts with a digit takes back-ticks',
      )
    const type = /[eE]/.test(image) ? t.Double : image.includes('.') ? t.Decimal : t.Integer
    this.#push(type, image.length)
  }

  #word(): void {
    const image = this.#match(word)!
    const type = wordTypes.get(image.toUpperCase()) ?? t.PlainIdentifier
    const previous = this.#tokens.at(-1)
    const startsStatement = previous === undefined || previous.tokenType === t.Semicolon
    this.#push(type, image.length)
    if (startsStatement && type === k.SET) this.#rawSetting()
    else if (startsStatement && type === k.RESET) this.#rawKey()
  }

  /** The CLI's `SET key = value`, where neither is quoted: both become strings. */
  #rawSetting(): void {
    rawSetting.lastIndex = this.#at
    const found = rawSetting.exec(this.#text)
    if (found === null) return
    const [all, key, quotedValue, plainValue] = found
    const value = quotedValue?.replaceAll("''", "'") ?? plainValue!.trimEnd()
    if (value === '' && quotedValue === undefined) return
    const end = this.#at + all.length
    this.#advance(all.indexOf(key!))
    this.#push(t.String, key!.length, key)
    this.#advance(this.#text.indexOf('=', this.#at) - this.#at)
    this.#push(t.Equals, 1)
    this.#skipBlanks()
    this.#push(t.String, end - this.#at - (all.length - all.trimEnd().length), value)
  }

  #rawKey(): void {
    rawKey.lastIndex = this.#at
    const found = rawKey.exec(this.#text)
    if (found === null) return
    this.#advance(found[0].indexOf(found[1]!))
    this.#push(t.String, found[1]!.length, found[1])
  }

  #symbol(): void {
    if (this.#text.startsWith('/*+', this.#at)) {
      this.#hintStart ??= this.#here(3)
      this.#push(t.HintStart, 3)
      return
    }
    if (this.#hintStart !== undefined && this.#text.startsWith('*/', this.#at)) {
      this.#hintStart = undefined
      this.#push(t.HintEnd, 2)
      return
    }
    const found = symbols.find(([symbol]) => this.#text.startsWith(symbol, this.#at))
    if (found === undefined) this.#refuseCharacter()
    this.#push(found[1], found[0].length)
  }

  #refuseCharacter(): never {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at)!)
    const hint = characterHints.get(character)
    return this.#fail(
      'MR_PARSE_CHARACTER',
      `unexpected character '${character}'`,
      this.#here(character.length),
      hint,
    )
  }

  #push(type: TokenType, length: number, payload?: string, start = this.#at): void {
    const token: IToken = {
      image: this.#text.slice(start, start + length),
      startOffset: start,
      endOffset: start + length - 1,
      startLine: this.#line,
      startColumn: start - this.#lineStart + 1,
      tokenTypeIdx: type.tokenTypeIdx!,
      tokenType: type,
    }
    if (payload !== undefined) token.payload = payload
    this.#tokens.push(token)
    this.#at = start
    this.#advance(length + this.#pendingSuffix)
    this.#pendingSuffix = 0
  }

  #advance(length: number): void {
    const end = this.#at + length
    for (; this.#at < end; this.#at++) {
      const code = this.#text.charCodeAt(this.#at)
      const isLoneReturn = code === 13 && this.#text.charCodeAt(this.#at + 1) !== 10
      if (code === 10 || isLoneReturn) {
        this.#line++
        this.#lineStart = this.#at + 1
      }
    }
  }

  #match(pattern: RegExp): string | undefined {
    return this.#matchAt(pattern, this.#at)
  }

  #matchAt(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at
    return pattern.exec(this.#text)?.[0]
  }

  #here(length: number): SourcePosition {
    return {
      offset: this.#at,
      line: this.#line,
      column: this.#at - this.#lineStart + 1,
      length: Math.max(1, length),
    }
  }

  #fail(code: string, message: string, position: SourcePosition, hint?: string): never {
    throw parseError(code, message, { position, source: this.#source, hint })
  }
}

const characterHints = new Map([
  ['!', 'not equal is <>, negation is NOT'],
  ['“', "strings take straight single quotes: 'text'"],
  ['”', "strings take straight single quotes: 'text'"],
  ['‘', "strings take straight single quotes: 'text'"],
  ['’', "strings take straight single quotes: 'text'"],
  ['#', 'comments start with --'],
  ['&', 'AND is a word'],
  ['\\', "a quote inside a string is doubled: 'it''s'"],
])
