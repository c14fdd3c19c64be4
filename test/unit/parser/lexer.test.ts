import { expect, test } from 'vitest'
import { tokenize } from '../../../src/parser/lexer.ts'
import { tokenValue } from '../../../src/parser/tokens.ts'

const tokens = (text: string) =>
  tokenize({ text, name: 'x' }).map(token => `${token.tokenType.name}:${tokenValue(token)}`)

test('keywords are case-insensitive, names keep their case', () => {
  expect(tokens('sElEcT Price')).toEqual(['SELECT:sElEcT', 'PlainIdentifier:Price'])
})

test('quotes are undoubled in strings and in back-ticked names', () => {
  expect(tokens("'it''s' `a``b`")).toEqual(["String:it's", 'QuotedIdentifier:a`b'])
})

test('comments vanish, hints stay, and a comment may hold quotes', () => {
  expect(tokens("1 -- it's\n/* ' */ 2 /*+ h */")).toEqual([
    'Integer:1',
    'Integer:2',
    'HintStart:/*+',
    'PlainIdentifier:h',
    'HintEnd:*/',
  ])
})

test('numbers of all three kinds, and a dot that is not one of theirs', () => {
  expect(tokens('1 1.5 .5 2. 1e3 1.5E-3 a.b')).toEqual([
    'Integer:1',
    'Decimal:1.5',
    'Decimal:.5',
    'Decimal:2.',
    'Double:1e3',
    'Double:1.5E-3',
    'PlainIdentifier:a',
    'Dot:.',
    'PlainIdentifier:b',
  ])
})

test('a name that begins with the letters of a prefix is a name', () => {
  expect(tokens('x n u u_x')).toEqual([
    'PlainIdentifier:x',
    'PlainIdentifier:n',
    'PlainIdentifier:u',
    'PlainIdentifier:u_x',
  ])
})

test("the CLI's SET takes what stands unquoted as text, only at the start of a statement", () => {
  expect(tokens('SET a.b-c = 10 s;SET x=1\n;RESET a.b;')).toEqual([
    ...['SET:SET', 'String:a.b-c', 'Equals:=', 'String:10 s', 'Semicolon:;'],
    ...['SET:SET', 'String:x', 'Equals:=', 'String:1', 'Semicolon:;'],
    ...['RESET:RESET', 'String:a.b', 'Semicolon:;'],
  ])
  expect(tokens("SET 'a' = 'b'")).toEqual(['SET:SET', 'String:a', 'Equals:=', 'String:b'])
  expect(tokens("ALTER TABLE t SET ('a' = 'b')")[3]).toBe('SET:SET')
})

test('positions are those of the source', () => {
  const [, second] = tokenize({ text: 'a\n  `b`', name: 'x' })
  expect(second).toMatchObject({ startOffset: 4, endOffset: 6, startLine: 2, startColumn: 3 })
})

test('a string over two lines counts them', () => {
  const [, second] = tokenize({ text: "'a\nb' c", name: 'x' })
  expect(second).toMatchObject({ startLine: 2, startColumn: 4 })
})
