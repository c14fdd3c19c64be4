/** STARTSWITH and ENDSWITH, for texts and bytes. */
import type { PlainValue } from '../../../types/index.ts'
import { startsWithBytes } from '../../byte-search.ts'
import { inline, type ScalarSpec } from '../../function-spec.ts'

function endsWithBytes(b: Uint8Array, s: number, e: number, n: Uint8Array, ns: number, ne: number): boolean {
  return e - s >= ne - ns && startsWithBytes(b, e - (ne - ns), e, n, ns, ne)
}

const hex = (value: PlainValue): string =>
  typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('latin1')

const spec = (
  name: string,
  body: typeof endsWithBytes,
  naive: (text: string, part: string) => boolean,
  examples: ScalarSpec['examples'],
): ScalarSpec => ({
  names: [name],
  signatures: ['(STRING, STRING) -> BOOLEAN', '(BYTES, BYTES) -> BOOLEAN'],
  nulls: 'propagate',
  implement: () =>
    inline((context, [text, part]) => `${context.constant(body)}(${[...text!, ...part!].join(', ')})`, {
      total: true,
    }),
  naive: ([text, part]) => naive(hex(text!), hex(part!)),
  doc: `Whether the first text ${name === 'STARTSWITH' ? 'begins' : 'ends'} with the second; an empty one is always found.`,
  examples,
})

export const startsWith = spec('STARTSWITH', startsWithBytes, (text, part) => text.startsWith(part), [
  { sql: "STARTSWITH('Millrace', 'Mill')", result: 'TRUE' },
  { sql: "STARTSWITH('M', 'Mill')", result: 'FALSE' },
  { sql: "STARTSWITH(X'0102', X'01')", result: 'TRUE' },
])
export const endsWith = spec('ENDSWITH', endsWithBytes, (text, part) => text.endsWith(part), [
  { sql: "ENDSWITH('Millrace', 'race')", result: 'TRUE' },
  { sql: "ENDSWITH('Millrace', '')", result: 'TRUE' },
])
