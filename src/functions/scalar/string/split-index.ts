/** SPLIT_INDEX(text, separator, n): the n-th part (from 0), NULL when there is none. Empty parts count. */
import type { ByteSink } from '../../../types/index.ts'
import { indexOfBytes } from '../../byte-search.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

function splitIndexBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  separator: Uint8Array,
  separatorStart: number,
  separatorEnd: number,
  index: number,
  out: ByteSink,
): boolean {
  if (index < 0 || start === end) return false
  const length = separatorEnd - separatorStart
  if (length === 0) return splitAtBlanks(bytes, start, end, index, out)
  let from = start
  for (let i = 0; ; i++) {
    const found = indexOfBytes(bytes, from, end, separator, separatorStart, separatorEnd)
    if (i === index) {
      out.append(bytes, from, found < 0 ? end : found)
      return true
    }
    if (found < 0) return false
    from = found + length
  }
}

/** An empty separator splits at white space, as Flink's library does. */
function splitAtBlanks(bytes: Uint8Array, start: number, end: number, index: number, out: ByteSink): boolean {
  let from = start
  for (let i = start, part = 0; i <= end; i++) {
    const byte = bytes[i]!
    if (i < end && byte !== 32 && (byte < 9 || byte > 13)) continue
    if (part++ === index) {
      out.append(bytes, from, i)
      return true
    }
    from = i + 1
  }
  return false
}

/** A separator given as a number is one of the first 255 characters, as in Flink. */
function separatorOf(separator: string | number): string | undefined {
  if (typeof separator === 'string') return separator
  return separator < 1 || separator > 255 ? undefined : String.fromCharCode(separator)
}

export const splitIndex: ScalarSpec = {
  names: ['SPLIT_INDEX'],
  signatures: ['(STRING, STRING, INT) -> STRING', '(STRING, INT, INT) -> STRING'],
  nulls: 'propagate',
  nullability: 'always',
  implement: ({ argumentTypes }) =>
    argumentTypes[1]!.kind === 'INTEGER'
      ? undefined
      : kernel('sink', () => splitIndexBytes, { nullable: true }),
  naive: ([text, separator, index]) => {
    const wanted = separatorOf(separator as string | number)
    if (wanted === undefined || text === '' || (index as number) < 0) return null
    const parts = (text as string).split(wanted === '' ? /[ \t\n\v\f\r]/ : wanted)
    return parts[index as number] ?? null
  },
  doc: 'The part with this index (from 0) of the text split at the separator, which may be given as a code point.',
  examples: [
    { sql: "SPLIT_INDEX('https://a.b/c/d', '/', 3)", result: "'c'" },
    { sql: "SPLIT_INDEX('a,,b', ',', 1)", result: "''" },
    { sql: "SPLIT_INDEX('a', ',', 1)", result: 'CAST(NULL AS STRING)' },
    { sql: "SPLIT_INDEX('a,b', 44, 1)", result: "'b'" },
  ],
}
