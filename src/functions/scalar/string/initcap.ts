/** INITCAP: words are runs of ASCII letters and digits, as in Flink. */
import type { ByteSink } from '../../../types/index.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

const isLower = (byte: number): boolean => byte >= 97 && byte <= 122
const isUpper = (byte: number): boolean => byte >= 65 && byte <= 90

function initcapBytes(bytes: Uint8Array, start: number, end: number, out: ByteSink): void {
  const target = out.reserve(end - start)
  let at = out.length
  let begins = true
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    const isLetter = isLower(byte) || isUpper(byte)
    target[at++] = begins && isLower(byte) ? byte - 32 : !begins && isUpper(byte) ? byte + 32 : byte
    begins = !isLetter && !(byte >= 48 && byte <= 57)
  }
  out.length = at
}

export const initcap: ScalarSpec = {
  names: ['INITCAP'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  implement: () => kernel('sink', () => initcapBytes),
  naive: ([text]) =>
    (text as string).replace(/[A-Za-z0-9]+/g, word => {
      const [first, ...rest] = word
      return first!.toUpperCase() + rest.join('').toLowerCase()
    }),
  doc: 'The text with the first letter of each word in upper and the others in lower case.',
  examples: [{ sql: "INITCAP('hELLO w1de-wORLD')", result: "'Hello W1de-World'" }],
}
