import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MillraceError } from '../../../src/errors/index.ts'
import { parseScript } from '../../../src/parser/index.ts'
import { canonical } from '../../unit/parser/canonical.ts'

/** The law: whatever the text, parsing gives statements or a ParseError with a place inside the text. */

const { types: _types, expressions: _expressions, ...statements } = canonical
const valid = Object.values(statements).flatMap(cases => cases.map(([sql]) => sql))
const bits = [
  '(',
  ')',
  ',',
  ';',
  "'",
  '`',
  '"',
  ' SELECT ',
  ' FROM ',
  ' a ',
  '1',
  '.',
  '=',
  '/*+',
  '*/',
  '[',
  ']',
  '\n',
]
const more = [
  ' NOT ',
  ' AS ',
  '=>',
  '{',
  '?',
  ' INTERVAL ',
  ' TABLE ',
  '<',
  '>',
  ' VALUES ',
  '--',
  '/*',
  '$',
  'ü',
  '😀',
]

const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(8),
  inserted: fc.constantFrom('', ...bits, ...more),
})

const damaged = fc
  .record({ sql: fc.constantFrom(...valid), damages: fc.array(damage, { minLength: 1, maxLength: 3 }) })
  .map(({ sql, damages }) => {
    let text = sql
    for (const { at, removed, inserted } of damages) {
      const offset = Math.floor(at * text.length)
      text = text.slice(0, offset) + inserted + text.slice(offset + removed)
    }
    return text
  })

test('damaged statements parse or fail at a place of the text', () => {
  let numFailed = 0
  fc.assert(
    fc.property(damaged, text => {
      try {
        parseScript({ text, name: 'damaged' })
      } catch (thrown) {
        if (!(thrown instanceof MillraceError)) throw thrown
        numFailed++
        const { position, source } = thrown.details
        expect(thrown.family).toBe('parse')
        expect(source?.text).toBe(text)
        expect(position!.offset).toBeLessThanOrEqual(text.length)
        expect(position!.line).toBeLessThanOrEqual(text.split('\n').length)
        expect(thrown.render()).toContain('^')
      }
    }),
    { numRuns: 1500 },
  )
  expect(numFailed).toBeGreaterThan(500)
})
