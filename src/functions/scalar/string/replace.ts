/** REPLACE(text, search, replacement): every occurrence. */
import { type ByteSink, decodeUtf8 } from '../../../types/index.ts'
import { indexOfBytes } from '../../byte-search.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

/** An empty search is found around every character. */
const between = (text: string, by: string): string => by + [...text].map(character => character + by).join('')

function replaceBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  search: Uint8Array,
  searchStart: number,
  searchEnd: number,
  by: Uint8Array,
  byStart: number,
  byEnd: number,
  out: ByteSink,
): void {
  if (searchStart === searchEnd) {
    out.appendText(between(decodeUtf8(bytes, start, end), decodeUtf8(by, byStart, byEnd)))
    return
  }
  let from = start
  for (;;) {
    const found = indexOfBytes(bytes, from, end, search, searchStart, searchEnd)
    out.append(bytes, from, found < 0 ? end : found)
    if (found < 0) return
    out.append(by, byStart, byEnd)
    from = found + searchEnd - searchStart
  }
}

export const replace: ScalarSpec = {
  names: ['REPLACE'],
  signatures: ['(STRING, STRING, STRING) -> STRING'],
  nulls: 'propagate',
  implement: () => kernel('sink', () => replaceBytes),
  naive: ([text, search, by]) =>
    search === ''
      ? between(text as string, by as string)
      : (text as string).replaceAll(search as string, () => by as string),
  doc: 'The text with every occurrence of the second argument replaced by the third.',
  examples: [
    { sql: "REPLACE('hello', 'l', 'L')", result: "'heLLo'" },
    { sql: "REPLACE('aaa', 'aa', '$&')", result: "'$&a'" },
  ],
}
