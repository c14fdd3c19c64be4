/** ASCII, CHR, OVERLAY, TRANSLATE, URL_ENCODE, URL_DECODE, IS_ALPHA, IS_DIGIT, IS_DECIMAL. */
import type { ScalarSpec } from '../../function-spec.ts'

export const ascii: ScalarSpec = {
  names: ['ASCII'],
  signatures: ['(STRING) -> INT'],
  nulls: 'propagate',
  naive: ([text]) => (text === '' ? 0 : Buffer.from(text as string)[0]!),
  doc: 'The first byte of the text as a number; 0 for an empty text.',
  examples: [{ sql: "ASCII('abc')", result: '97' }],
}

export const chr: ScalarSpec = {
  names: ['CHR'],
  signatures: ['(INT) -> STRING', '(BIGINT) -> STRING'],
  nulls: 'propagate',
  naive: ([code]) => {
    const value = Number(code)
    return value < 0 ? '' : String.fromCharCode(value & 0xff)
  },
  doc: 'The character with this number (modulo 256); empty for a negative one.',
  examples: [
    { sql: 'CHR(97)', result: "'a'" },
    { sql: 'CHR(353)', result: "'a'" },
  ],
}

export const overlay: ScalarSpec = {
  names: ['OVERLAY'],
  signatures: ['(STRING, STRING, INT) -> STRING', '(STRING, STRING, INT, INT) -> STRING'],
  nulls: 'propagate',
  naive: ([text, part, from, length]) => {
    const characters = [...(text as string)]
    const start = from as number
    if (start <= 0 || start > characters.length) return text!
    const count = (length as number | undefined) ?? [...(part as string)].length
    const rest = count < 0 || start - 1 + count > characters.length ? [] : characters.slice(start - 1 + count)
    return characters.slice(0, start - 1).join('') + (part as string) + rest.join('')
  },
  doc: 'The text with so many characters from a position (from 1) replaced by another text.',
  examples: [
    { sql: "OVERLAY('xxxxxtest', 'xxxx', 6)", result: "'xxxxxxxxx'" },
    { sql: "OVERLAY('xxxxxtest', 'xxxx', 6, 2)", result: "'xxxxxxxxxst'" },
  ],
}

export const translate: ScalarSpec = {
  names: ['TRANSLATE'],
  signatures: ['(STRING, STRING, STRING) -> STRING'],
  nulls: 'propagate',
  naive: ([text, from, to]) => {
    const wanted = [...(from as string)]
    const given = [...(to as string)]
    const table = new Map<string, string>()
    wanted.forEach((character, i) => {
      if (!table.has(character)) table.set(character, given[i] ?? '')
    })
    return [...(text as string)].map(character => table.get(character) ?? character).join('')
  },
  doc: 'The text with each character of the second argument replaced by the one at its place in the third, or taken out.',
  examples: [{ sql: "TRANSLATE('2024-01-31', '-0', '/')", result: "'224/1/31'" }],
}

export const urlEncode: ScalarSpec = {
  names: ['URL_ENCODE'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  // URLSearchParams writes application/x-www-form-urlencoded, as Java's URLEncoder does.
  naive: ([text]) => new URLSearchParams([['', text as string]]).toString().slice(1),
  doc: 'The text in application/x-www-form-urlencoded form.',
  examples: [{ sql: "URL_ENCODE('a b/é')", result: "'a+b%2F%C3%A9'" }],
}

export const urlDecode: ScalarSpec = {
  names: ['URL_DECODE'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  nullability: 'always',
  naive: ([text]) => {
    try {
      return decodeURIComponent((text as string).replaceAll('+', ' '))
    } catch {
      // Not encoded text: NULL, as in Flink.
      return null
    }
  },
  doc: 'The text of an application/x-www-form-urlencoded one; NULL when it is none.',
  examples: [
    { sql: "URL_DECODE('a+b%2F%C3%A9')", result: "'a b/é'" },
    { sql: "URL_DECODE('%zz')", result: 'CAST(NULL AS STRING)' },
  ],
}

const test = (name: string, pattern: RegExp, doc: string, yes: string, no: string): ScalarSpec => ({
  names: [name],
  signatures: ['(STRING) -> BOOLEAN'],
  nulls: 'propagate',
  naive: ([text]) => pattern.test(text as string),
  doc,
  examples: [
    { sql: `${name}('${yes}')`, result: 'TRUE' },
    { sql: `${name}('${no}')`, result: 'FALSE' },
  ],
})

export const isAlpha = test(
  'IS_ALPHA',
  /^\p{L}+$/u,
  'Whether the text has letters only, and at least one.',
  'abc',
  'a1',
)
export const isDigit = test(
  'IS_DIGIT',
  /^\p{Nd}+$/u,
  'Whether the text has digits only, and at least one.',
  '123',
  '1.2',
)
export const isDecimalText = test(
  'IS_DECIMAL',
  /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[dDfF]?\s*$/,
  'Whether the text is a number.',
  '-1.5',
  'x',
)
