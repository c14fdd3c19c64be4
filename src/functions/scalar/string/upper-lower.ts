/** UPPER and LOWER: ASCII byte by byte, anything else through the Unicode mappings of JavaScript. */
import { type ByteSink, decodeUtf8, isAscii } from '../../../types/index.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

function upperBytes(bytes: Uint8Array, start: number, end: number, out: ByteSink): void {
  if (!isAscii(bytes, start, end)) {
    out.appendText(decodeUtf8(bytes, start, end).toUpperCase())
    return
  }
  const target = out.reserve(end - start)
  let at = out.length
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    target[at++] = byte >= 97 && byte <= 122 ? byte - 32 : byte
  }
  out.length = at
}

function lowerBytes(bytes: Uint8Array, start: number, end: number, out: ByteSink): void {
  if (!isAscii(bytes, start, end)) {
    out.appendText(decodeUtf8(bytes, start, end).toLowerCase())
    return
  }
  const target = out.reserve(end - start)
  let at = out.length
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    target[at++] = byte >= 65 && byte <= 90 ? byte + 32 : byte
  }
  out.length = at
}

export const upper: ScalarSpec = {
  names: ['UPPER', 'UCASE'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  implement: () => kernel('sink', () => upperBytes),
  naive: ([text]) => (text as string).toUpperCase(),
  doc: 'The text in upper case.',
  examples: [
    { sql: "UPPER('ab')", result: "'AB'" },
    { sql: "UPPER('straße é')", result: "'STRASSE É'" },
  ],
}

export const lower: ScalarSpec = {
  names: ['LOWER', 'LCASE'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  implement: () => kernel('sink', () => lowerBytes),
  naive: ([text]) => (text as string).toLowerCase(),
  doc: 'The text in lower case.',
  examples: [
    { sql: "LOWER('AbC')", result: "'abc'" },
    { sql: "LOWER('É')", result: "'é'" },
  ],
}
