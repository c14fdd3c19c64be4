/** LIKE and SIMILAR TO, over the whole text. The escape character of LIKE is `\` unless ESCAPE names another. */
import { decodeUtf8 } from '../../../types/index.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'
import { LikeMatcher, likeTokens } from '../../pattern/like-matcher.ts'
import { constantText, remembered } from '../../pattern/pattern-cache.ts'
import { similarRegex } from '../../pattern/similar-regex.ts'

type Bytes = Uint8Array

/** A second way to the same answer: the pattern as a regular expression. */
function likeNaive(text: string, pattern: string, escapeWith: string): boolean {
  const source = likeTokens(pattern, escapeWith)
    .map(token =>
      token.kind === 'any'
        ? '[^]*'
        : token.kind === 'one'
          ? '[^]'
          : token.text.replace(/[\^$\\.*+?()[\]{}|/]/u, '\\$&'),
    )
    .join('')
  return new RegExp(`^${source}$`, 'u').test(text)
}

export const like: ScalarSpec = {
  names: ['LIKE'],
  signatures: ['(STRING, STRING) -> BOOLEAN', '(STRING, STRING, STRING) -> BOOLEAN'],
  nulls: 'propagate',
  implement: call =>
    kernel('value', () => {
      const pattern = constantText(call, 1)
      const escapeWith = call.argumentTypes.length === 3 ? constantText(call, 2) : '\\'
      if (pattern !== undefined && escapeWith !== undefined) {
        const matcher = remembered(() => new LikeMatcher(pattern, escapeWith))
        return (bytes: Bytes, start: number, end: number) => matcher('').matches(bytes, start, end)
      }
      const matchers = remembered(escaping => remembered(text => new LikeMatcher(text, escaping)))
      const plain = matchers('\\')
      if (call.argumentTypes.length === 2)
        return (b: Bytes, s: number, e: number, p: Bytes, ps: number, pe: number) =>
          plain(decodeUtf8(p, ps, pe)).matches(b, s, e)
      return (
        b: Bytes,
        s: number,
        e: number,
        p: Bytes,
        ps: number,
        pe: number,
        x: Bytes,
        xs: number,
        xe: number,
      ) => matchers(decodeUtf8(x, xs, xe))(decodeUtf8(p, ps, pe)).matches(b, s, e)
    }),
  naive: ([text, pattern, escapeWith]) =>
    likeNaive(text as string, pattern as string, (escapeWith as string | undefined) ?? '\\'),
  doc: 'Whether the text matches the pattern: % is any characters, _ is one.',
  examples: [
    { sql: "'Millrace' LIKE 'M%ra_e'", result: 'TRUE' },
    { sql: "'Millrace' LIKE 'mill%'", result: 'FALSE' },
    { sql: "'50%' LIKE '50\\%'", result: 'TRUE' },
    { sql: "'a_c' LIKE 'a!_%' ESCAPE '!'", result: 'TRUE' },
    { sql: "'né😀' LIKE 'n__'", result: 'TRUE' },
    { sql: "'abcbc' NOT LIKE '%bc'", result: 'FALSE' },
  ],
}

export const similarTo: ScalarSpec = {
  names: ['SIMILAR TO'],
  signatures: ['(STRING, STRING) -> BOOLEAN', '(STRING, STRING, STRING) -> BOOLEAN'],
  nulls: 'propagate',
  implement: call => {
    const pattern = constantText(call, 1)
    if (pattern === undefined || call.argumentTypes.length === 3) return undefined
    return kernel('value', () => {
      const regex = remembered(() => similarRegex(pattern, undefined))
      return (bytes: Bytes, start: number, end: number) => regex('').test(decodeUtf8(bytes, start, end))
    })
  },
  naive: ([text, pattern, escapeWith]) =>
    similarRegex(pattern as string, escapeWith as string | undefined).test(text as string),
  doc: 'Whether the text matches the SQL regular expression.',
  examples: [
    { sql: "'abc' SIMILAR TO '(a|x)b%'", result: 'TRUE' },
    { sql: "'2024-01' SIMILAR TO '[0-9]{4}-[[:DIGIT:]]{2}'", result: 'TRUE' },
    { sql: "'a.c' SIMILAR TO 'a.d'", result: 'FALSE' },
  ],
}
