/** POSITION, INSTR, LOCATE: where a text begins in another, from 1; 0 when it does not occur. */
import { countCodePoints, utf8Width } from '../../../types/index.ts'
import { indexOfBytes } from '../../byte-search.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

function positionBytes(
  needle: Uint8Array,
  needleStart: number,
  needleEnd: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  from: number,
): number {
  if (from < 1) return 0
  let at = start
  for (let i = 1; i < from && at < end; i++) at += utf8Width(bytes[at]!)
  const found = indexOfBytes(bytes, at, end, needle, needleStart, needleEnd)
  return found < 0 ? 0 : countCodePoints(bytes, start, found) + 1
}

function positionText(text: string, needle: string, from: number): number {
  const characters = [...text]
  if (from < 1) return 0
  const skipped = characters.slice(0, from - 1).join('')
  const found = text.indexOf(needle, skipped.length)
  return found < 0 ? 0 : [...text.slice(0, found)].length + 1
}

/** POSITION(needle IN text [FROM n]) and LOCATE(needle, text [, n]). */
export const position: ScalarSpec = {
  names: ['POSITION', 'LOCATE'],
  signatures: ['(STRING, STRING) -> INT', '(STRING, STRING, INT) -> INT'],
  nulls: 'propagate',
  implement: ({ argumentTypes }) =>
    kernel('value', () =>
      argumentTypes.length === 3
        ? positionBytes
        : (n: Uint8Array, ns: number, ne: number, b: Uint8Array, s: number, e: number) =>
            positionBytes(n, ns, ne, b, s, e, 1),
    ),
  naive: ([needle, text, from]) =>
    positionText(text as string, needle as string, (from as number | undefined) ?? 1),
  doc: 'Position of the first text in the second, from 1 (characters); 0 when it is not there.',
  examples: [
    { sql: "POSITION('c' IN 'abc')", result: '3' },
    { sql: "POSITION('x' IN 'éé')", result: '0' },
    { sql: "POSITION('b' IN 'éb')", result: '2' },
    { sql: "LOCATE('a', 'banana', 3)", result: '4' },
  ],
}

export const instr: ScalarSpec = {
  names: ['INSTR'],
  signatures: ['(STRING, STRING) -> INT'],
  nulls: 'propagate',
  implement: () =>
    kernel(
      'value',
      () => (b: Uint8Array, s: number, e: number, n: Uint8Array, ns: number, ne: number) =>
        positionBytes(n, ns, ne, b, s, e, 1),
    ),
  naive: ([text, needle]) => positionText(text as string, needle as string, 1),
  doc: 'Position of the second text in the first, from 1; 0 when it is not there.',
  examples: [{ sql: "INSTR('Hello', 'l')", result: '3' }],
}
