/** BIN, HEX, UNHEX. */
import type { ScalarSpec } from '../../function-spec.ts'

const unsigned = (value: number | bigint): bigint => BigInt.asUintN(64, BigInt(value))

export const bin: ScalarSpec = {
  names: ['BIN'],
  signatures: ['(BIGINT) -> STRING'],
  nulls: 'propagate',
  naive: ([value]) => unsigned(value as bigint).toString(2),
  doc: 'The integer in binary digits (two’s complement of 64 bits).',
  examples: [{ sql: 'BIN(4)', result: "'100'" }],
}

export const hex: ScalarSpec = {
  names: ['HEX'],
  signatures: ['(BIGINT) -> STRING', '(STRING) -> STRING'],
  nulls: 'propagate',
  naive: ([value]) =>
    typeof value === 'string'
      ? Buffer.from(value).toString('hex').toUpperCase()
      : unsigned(value as bigint)
          .toString(16)
          .toUpperCase(),
  doc: 'The integer, or the UTF-8 bytes of the text, in hexadecimal digits.',
  examples: [
    { sql: 'HEX(20)', result: "'14'" },
    { sql: "HEX('hello')", result: "'68656C6C6F'" },
  ],
}

export const unhex: ScalarSpec = {
  names: ['UNHEX'],
  signatures: ['(STRING) -> BYTES'],
  nulls: 'propagate',
  nullability: 'always',
  naive: ([text]) => {
    const digits = text as string
    if (!/^[0-9a-fA-F]*$/.test(digits)) return null
    return new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'))
  },
  doc: 'The bytes of hexadecimal digits; NULL for anything else.',
  examples: [
    { sql: "UNHEX('0AFF')", result: "CAST(X'0AFF' AS BYTES)" },
    { sql: "UNHEX('x')", result: 'CAST(NULL AS BYTES)' },
  ],
}
