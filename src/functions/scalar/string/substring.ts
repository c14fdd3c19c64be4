/** SUBSTRING(s, from [, length]) by code points. As in Flink: 0 counts as 1, a negative start counts from the end. */
import { type ByteSink, countCodePoints, isAscii, utf8Width } from '../../../types/index.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

/** First character (from 0) for a text of `count` characters; -1 when the part is empty. */
function firstIndex(count: number, from: number): number {
  if (from > 0) return from - 1
  if (from === 0) return 0
  return count + from < 0 ? -1 : count + from
}

function substringBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  from: number,
  length: number,
  out: ByteSink,
): boolean {
  if (length < 0) return false
  const ascii = isAscii(bytes, start, end)
  const count = ascii ? end - start : countCodePoints(bytes, start, end)
  const first = firstIndex(count, from)
  if (first < 0 || first >= count) return true
  const last = Math.min(count, first + length)
  if (ascii) {
    out.append(bytes, start + first, start + last)
    return true
  }
  let at = start
  for (let i = 0; i < first; i++) at += utf8Width(bytes[at]!)
  const begin = at
  for (let i = first; i < last; i++) at += utf8Width(bytes[at]!)
  out.append(bytes, begin, Math.min(at, end))
  return true
}

const toTheEnd = (bytes: Uint8Array, start: number, end: number, from: number, out: ByteSink): boolean =>
  substringBytes(bytes, start, end, from, 2147483647, out)

export const substring: ScalarSpec = {
  names: ['SUBSTRING', 'SUBSTR'],
  signatures: ['(STRING, INT) -> STRING', '(STRING, INT, INT) -> STRING'],
  nulls: 'propagate',
  nullability: args => args.length === 3 || args.some(arg => arg.type.nullable),
  implement: ({ argumentTypes }) =>
    kernel('sink', () => (argumentTypes.length === 2 ? toTheEnd : substringBytes), {
      nullable: argumentTypes.length === 3,
    }),
  naive: ([text, from, length]) => {
    const characters = [...(text as string)]
    if (length !== undefined && (length as number) < 0) return null
    const first = firstIndex(characters.length, from as number)
    if (first < 0) return ''
    return characters.slice(first, length === undefined ? undefined : first + (length as number)).join('')
  },
  doc: 'Characters from a position (from 1; negative: from the end), at most so many. A negative length gives NULL.',
  examples: [
    { sql: "SUBSTRING('Millrace', 5)", result: "'race'" },
    { sql: "SUBSTR('Millrace', 1, 4)", result: "'Mill'" },
    { sql: "SUBSTRING('Millrace', -4, 2)", result: "'ra'" },
    { sql: "SUBSTRING('né😀x', 2, 2)", result: "'é😀'" },
    { sql: "SUBSTRING('abc', 1, -1)", result: 'CAST(NULL AS STRING)' },
  ],
}
