/**
 * LIKE on bytes. The pattern is cut at `%` into segments, each a list of characters (bytes of one code point, or
 * "any one"). The first and last segments are anchored unless the pattern begins or ends with `%`; those between
 * are found leftmost, one after the other, which is enough because `%` matches anything.
 */
import { encodeUtf8, utf8Width } from '../../types/index.ts'
import { indexOfBytes, startsWithBytes } from '../byte-search.ts'
import { invalidArgument } from '../runtime-errors.ts'

interface Segment {
  /** The whole segment as bytes, when it has no `_`. */
  readonly literal: Uint8Array | null
  /** The bytes before the first `_`. */
  readonly prefix: Uint8Array
  /** Per character its bytes; null for `_`. */
  readonly characters: readonly (Uint8Array | null)[]
}

/** Tokens of a pattern: a literal character, '_' or '%'. */
type PatternToken =
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'any' }

/** `escapeWith` is one character; it may stand before `_`, `%` and itself only. Throws MR_EXPR_ARGUMENT. */
export function likeTokens(pattern: string, escapeWith: string): PatternToken[] {
  if ([...escapeWith].length !== 1)
    throw invalidArgument('LIKE', `ESCAPE must be one character, not '${escapeWith}'`)
  const tokens: PatternToken[] = []
  const characters = [...pattern]
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!
    if (character === escapeWith) {
      const next = characters[++i]
      if (next !== '_' && next !== '%' && next !== escapeWith)
        throw invalidArgument(
          'LIKE',
          `'${escapeWith}' in pattern '${pattern}' must be followed by _, % or itself`,
        )
      tokens.push({ kind: 'character', text: next })
    } else if (character === '_') tokens.push({ kind: 'one' })
    else if (character === '%') tokens.push({ kind: 'any' })
    else tokens.push({ kind: 'character', text: character })
  }
  return tokens
}

function segmentsOf(tokens: readonly PatternToken[]): Segment[] {
  const segments: Segment[] = []
  let characters: (Uint8Array | null)[] = []
  const close = (): void => {
    const firstWild = characters.indexOf(null)
    const fixed = (firstWild < 0 ? characters : characters.slice(0, firstWild)) as Uint8Array[]
    const prefix = new Uint8Array(Buffer.concat(fixed))
    segments.push({ literal: firstWild < 0 ? prefix : null, prefix, characters })
    characters = []
  }
  for (const token of tokens) {
    if (token.kind === 'any') close()
    else characters.push(token.kind === 'one' ? null : encodeUtf8(token.text))
  }
  close()
  return segments
}

export class LikeMatcher {
  readonly #first: Segment
  readonly #middle: readonly Segment[]
  /** null: the pattern has no `%`, the first segment must be the whole text. */
  readonly #last: Segment | null

  constructor(pattern: string, escapeWith: string) {
    const segments = segmentsOf(likeTokens(pattern, escapeWith))
    this.#first = segments[0]!
    this.#last = segments.length === 1 ? null : segments.at(-1)!
    this.#middle = segments.slice(1, -1).filter(segment => segment.characters.length > 0)
  }

  matches(bytes: Uint8Array, start: number, end: number): boolean {
    let at = matchAt(this.#first, bytes, start, end)
    if (at < 0) return false
    if (this.#last === null) return at === end
    for (const segment of this.#middle) {
      at = findSegment(segment, bytes, at, end)
      if (at < 0) return false
    }
    return endsWithSegment(this.#last, bytes, at, end)
  }
}

/** End of the segment when it matches at `at`, or -1. */
function matchAt(segment: Segment, bytes: Uint8Array, at: number, end: number): number {
  const { literal, characters } = segment
  if (literal !== null)
    return startsWithBytes(bytes, at, end, literal, 0, literal.length) ? at + literal.length : -1
  for (const character of characters) {
    if (at >= end) return -1
    if (character === null) at += utf8Width(bytes[at]!)
    else {
      if (!startsWithBytes(bytes, at, end, character, 0, character.length)) return -1
      at += character.length
    }
  }
  return at <= end ? at : -1
}

/** End of the leftmost match at or after `at`, or -1. */
function findSegment(segment: Segment, bytes: Uint8Array, at: number, end: number): number {
  const { literal, prefix } = segment
  if (literal !== null) {
    const found = indexOfBytes(bytes, at, end, literal, 0, literal.length)
    return found < 0 ? -1 : found + literal.length
  }
  for (let from = at; from < end; from += utf8Width(bytes[from]!)) {
    if (prefix.length > 0) {
      from = indexOfBytes(bytes, from, end, prefix, 0, prefix.length)
      if (from < 0) return -1
    }
    const matched = matchAt(segment, bytes, from, end)
    if (matched >= 0) return matched
  }
  return -1
}

/** Walks back as many characters as the segment has: they must match and not reach before `from`. */
function endsWithSegment(segment: Segment, bytes: Uint8Array, from: number, end: number): boolean {
  const { literal, characters } = segment
  if (literal !== null)
    return (
      end - from >= literal.length &&
      startsWithBytes(bytes, end - literal.length, end, literal, 0, literal.length)
    )
  let at = end
  for (let i = 0; i < characters.length; i++) {
    if (at <= from) return false
    do at--
    while (at > from && (bytes[at]! & 0xc0) === 0x80)
  }
  return matchAt(segment, bytes, at, end) === end
}
