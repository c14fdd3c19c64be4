/** TO_BASE64 and FROM_BASE64 of texts. */
import type { ScalarSpec } from '../../function-spec.ts'

export const toBase64: ScalarSpec = {
  names: ['TO_BASE64'],
  signatures: ['(STRING) -> STRING', '(BYTES) -> STRING'],
  nulls: 'propagate',
  naive: ([text]) => Buffer.from(text as string).toString('base64'),
  doc: 'The UTF-8 bytes of the text in base64.',
  examples: [{ sql: "TO_BASE64('hello world')", result: "'aGVsbG8gd29ybGQ='" }],
}

const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/

export const fromBase64: ScalarSpec = {
  names: ['FROM_BASE64'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  nullability: 'always',
  naive: ([text]) =>
    base64Pattern.test(text as string) ? Buffer.from(text as string, 'base64').toString('utf8') : null,
  doc: 'The text of a base64 text; NULL when it is none.',
  examples: [
    { sql: "FROM_BASE64('aGVsbG8gd29ybGQ=')", result: "'hello world'" },
    { sql: "FROM_BASE64('*')", result: 'CAST(NULL AS STRING)' },
  ],
}
