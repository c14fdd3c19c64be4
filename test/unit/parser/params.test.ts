import { expect, test } from 'vitest'
import { MillraceError } from '../../../src/errors/index.ts'
import { parseScript, substituteParams } from '../../../src/parser/index.ts'

const source = (text: string) => ({ text, name: 'job.sql' })
const values: Record<string, string> = {
  TOPIC: 'orders',
  QUOTE: "o'clock",
  LONG: 'a.much.longer.value',
  T: 't',
}
const lookup = (name: string) => values[name]
const substituted = (text: string) => substituteParams(source(text), lookup).source.text

function errorOf(run: () => unknown): MillraceError {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof MillraceError) return thrown
  }
  throw new Error('no MillraceError was thrown')
}

const reference = (name: string) => `\${${name}}`

test('replaces in strings, names and plain text', () => {
  const text = `SELECT '${reference('TOPIC')}', \`x_${reference('T')}\` FROM ${reference('T')}`
  expect(substituted(text)).toBe("SELECT 'orders', `x_t` FROM t")
})

test('a value cannot end the string it stands in', () => {
  expect(substituted(`SELECT '${reference('QUOTE')}'`)).toBe("SELECT 'o''clock'")
})

test('comments are left alone, hints are not', () => {
  const text = `-- ${reference('NONE')}\n/* ${reference('NONE')} */ /*+ OPTIONS('a'='${reference('T')}') */`
  expect(substituted(text)).toBe(
    `-- ${reference('NONE')}\n/* ${reference('NONE')} */ /*+ OPTIONS('a'='t') */`,
  )
})

test('a doubled $ keeps the text', () => {
  expect(substituted(`'$${reference('T')}'`)).toBe(`'${reference('T')}'`)
})

test('a missing value is an error at its place', () => {
  const error = errorOf(() => substituted(`SELECT 1;\n  SELECT '${reference('NONE')}'`))
  expect(error).toMatchObject({ code: 'MR_PARSE_MISSING_PARAM', family: 'parse' })
  expect(error.message).toContain('NONE')
  expect(error.details.position).toMatchObject({ line: 2, column: 11, length: 7 })
})

test('a bad name and a value with a line break are errors', () => {
  expect(errorOf(() => substituted(`SELECT ${reference('a b')}`)).code).toBe('MR_PARSE_PARAM_NAME')
  expect(errorOf(() => substituted(`SELECT ${reference('a').slice(0, -1)}`)).code).toBe('MR_PARSE_PARAM_NAME')
  const broken = () => substituteParams(source(reference('X')), () => 'a\nb')
  expect(errorOf(broken).code).toBe('MR_PARSE_PARAM_VALUE')
})

test('later errors are told about the original text', () => {
  const text = `SELECT '${reference('LONG')}' AS a,\n '${reference('T')}' AS b, select FROM t`
  const { source: replaced, restore } = substituteParams(source(text), lookup)
  const error = restore(errorOf(() => parseScript(replaced)))
  expect(error.details.position).toMatchObject({
    line: 2,
    column: 15,
    length: 6,
    offset: text.indexOf('select'),
  })
  expect(error.render()).toContain(reference('T'))
})

test('a position inside a value is the whole reference', () => {
  const text = `SELECT a FROM ${reference('LONG')} x y`
  const { source: replaced, toOriginal } = substituteParams(source(text), lookup)
  const offset = replaced.text.indexOf('longer')
  expect(toOriginal({ offset, line: 1, column: offset + 1, length: 6 })).toMatchObject({
    offset: text.indexOf('$'),
    length: reference('LONG').length,
  })
})
