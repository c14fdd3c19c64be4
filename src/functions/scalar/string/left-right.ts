/** LEFT and RIGHT: so many characters from one end. */
import { type ByteSink, countCodePoints, utf8Width } from '../../../types/index.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

function skip(bytes: Uint8Array, start: number, end: number, count: number): number {
  let at = start
  for (let i = 0; i < count && at < end; i++) at += utf8Width(bytes[at]!)
  return Math.min(at, end)
}

export const left: ScalarSpec = {
  names: ['LEFT'],
  signatures: ['(STRING, INT) -> STRING'],
  nulls: 'propagate',
  implement: () =>
    kernel(
      'sink',
      () => (bytes: Uint8Array, start: number, end: number, count: number, out: ByteSink) =>
        out.append(bytes, start, skip(bytes, start, end, count)),
    ),
  naive: ([text, count]) => [...(text as string)].slice(0, Math.max(0, count as number)).join(''),
  doc: 'The first n characters; none when n is negative.',
  examples: [
    { sql: "LEFT('Millrace', 4)", result: "'Mill'" },
    { sql: "LEFT('éa', -1)", result: "''" },
  ],
}

export const right: ScalarSpec = {
  names: ['RIGHT'],
  signatures: ['(STRING, INT) -> STRING'],
  nulls: 'propagate',
  implement: () =>
    kernel('sink', () => (bytes: Uint8Array, start: number, end: number, count: number, out: ByteSink) => {
      if (count <= 0) return
      const skipped = Math.max(0, countCodePoints(bytes, start, end) - count)
      out.append(bytes, skip(bytes, start, end, skipped), end)
    }),
  naive: ([text, count]) => {
    const characters = [...(text as string)]
    return (count as number) <= 0
      ? ''
      : characters.slice(Math.max(0, characters.length - (count as number))).join('')
  },
  doc: 'The last n characters; none when n is negative.',
  examples: [
    { sql: "RIGHT('Millrace', 4)", result: "'race'" },
    { sql: "RIGHT('éa', 9)", result: "'éa'" },
  ],
}
