import { expect, test } from 'vitest'
import { MillraceError } from '../../../src/errors/index.ts'
import { parseExpression, parseScript, parseTypeName } from '../../../src/parser/index.ts'
import { badInputs } from './bad-inputs.ts'

function errorOf(run: () => unknown): MillraceError {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof MillraceError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}

const errorIn = (text: string) => errorOf(() => parseScript({ text, name: 'x.sql' }))

/** What `render` says, without the source lines and carets. */
function said(error: MillraceError): string[] {
  const lines = error.render().split('\n')
  return lines
    .filter(line => !/^\s*\d* \| /.test(line))
    .map(line => line.replace('  --> x.sql:', 'at ').replace(/^ParseError |^ {2}/, ''))
}

test.each(badInputs)('%s', (sql, expected) => {
  const error = errorIn(sql)
  expect(error.family).toBe('parse')
  expect(said(error)).toEqual(expected)
})

test('an error shows its line with a caret under the culprit', () => {
  expect(errorIn('SELECT 1;\nSELECT a\n\tFORM t').render()).toContain(
    ['  --> x.sql:3:2', '3 | \tFORM t', '  | \t^^^^'].join('\n'),
  )
})

test('columns count UTF-16 units and lines count every kind of line break', () => {
  const position = errorIn("SELECT 'ü😀',\r\n'x' AS select\rFROM t").details.position
  expect(position).toMatchObject({ line: 2, column: 8, offset: 22, length: 6 })
})

test('the end of input is behind the last token, not behind trailing space', () => {
  expect(errorIn('SELECT\n\n -- nothing\n').details.position).toMatchObject({ line: 1, column: 7 })
})

test('a text that is more than the entry asks for is refused', () => {
  const source = (text: string) => ({ text, name: 'x' })
  expect(errorOf(() => parseExpression(source('a b'))).code).toBe('MR_PARSE_UNEXPECTED')
  expect(errorOf(() => parseTypeName(source('INT, STRING'))).code).toBe('MR_PARSE_UNEXPECTED')
})

test('the parser is usable after an error', () => {
  errorIn('SELECT (')
  errorIn('CREATE TABLE t (a INT, PRIMARY KEY (a))')
  expect(parseScript({ text: 'SELECT 1; SELECT 2', name: 'x' })).toHaveLength(2)
})

test('nesting that overflows the stack is an error of the text, not a crash', () => {
  const deep = `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`
  expect(errorIn(deep)).toMatchObject({ code: 'MR_PARSE_TOO_DEEP', family: 'parse' })
  expect(parseScript({ text: 'SELECT 1', name: 'x' })).toHaveLength(1)
})
