/** Conformance table: what java.util.regex matches, and what is refused instead of guessed. */
import { describe, expect, it } from 'vitest'
import { javaRegex } from '../../../../src/functions/pattern/java-regex.ts'

describe('Java regular expressions', () => {
  it.each([
    ['(?i)abc', 'xABCx', 'ABC'],
    ['\\s+', 'a\u00a0 b', ' '],
    ['a$', 'a\n', 'a'],
    ['a\\Z', 'a\r\n', 'a'],
    ['a\\z', 'a\n', null],
    ['\\Aab', 'cab', null],
    ['\\Qa.b*\\E+', 'a.b**', 'a.b**'],
    ['\\p{Alpha}+', 'é1abc', 'abc'],
    ['\\p{L}+', '1éa', 'éa'],
    ['\\p{IsLatin}+', 'яab', 'ab'],
    ['[\\p{Upper}\\d]+', 'abC1d', 'C1'],
    ['\\h', 'a\u2003b', '\u2003'],
    ['a.b', 'a\u0085b', null],
    ['(?s)a.b', 'a\nb', 'a\nb'],
    ['^b', 'a\nb', null],
    ['(?m)^b$', 'a\nb\nc', 'b'],
    ['x{2,3}?', 'xxx', 'xx'],
    ['}]', 'a}]', '}]'],
    ['[]a]+', 'b]a', ']a'],
    ['\\x41\\u0042\\0103', 'ABC', 'ABC'],
    ['(?<y>\\d{4})-\\k<y>', '2024-2024', '2024-2024'],
    ['😀.', 'a😀é', '😀é'],
    ['\\-\\_', '-_', '-_'],
    ['a\\/b', 'a/b', 'a/b'],
  ])('%s on %j finds %j', (pattern, text, expected) => {
    expect(javaRegex(pattern).exec(text)?.[0] ?? null).toBe(expected)
  })

  it.each([
    ['a*+', 'possessive'],
    ['(?>a)', 'atomic'],
    ['[a-z&&[^b]]', 'brackets'],
    ['a(?i)b', 'beginning'],
    ['(?x)a', '(?x)'],
    ['\\G', '\\G'],
    ['(a', 'group'],
    ['\\p{InGreek}', 'InGreek'],
  ])('%s is refused', (pattern, part) => {
    expect(() => javaRegex(pattern)).toThrow(
      expect.objectContaining({ code: 'MR_EXPR_REGEX', message: expect.stringContaining(part) }),
    )
  })
})
