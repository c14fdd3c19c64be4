import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../../src/errors/index.ts'
import {
  niladicFunctions,
  nonReservedKeywords,
  otherReservedWords,
  reservedFunctions,
  reservedKeywords,
} from '../../../src/parser/keywords.ts'
import { expression, statement } from './parse.ts'

const reserved = [...reservedKeywords, ...otherReservedWords, ...reservedFunctions, ...niladicFunctions]

function errorOf(sql: string): MillraceError | undefined {
  try {
    statement(sql)
    return undefined
  } catch (thrown) {
    if (thrown instanceof MillraceError) return thrown
    throw thrown
  }
}

test('no word is in two lists', () => {
  const all = [...reserved, ...nonReservedKeywords]
  expect(all.filter((word, i) => all.indexOf(word) !== i)).toEqual([])
})

test.each(reserved)('%s is no column name without back-ticks, and the error says so', word => {
  const inTable = errorOf(`CREATE TABLE t (a INT, ${word} INT)`)
  if (!['WATERMARK', 'CONSTRAINT', 'PRIMARY', 'UNIQUE'].includes(word))
    expect(inTable?.details.hint).toMatch(/back-ticks|leave|write|not supported/)
  expect(inTable?.code).toBe('MR_PARSE_UNEXPECTED')
  expect(errorOf(`CREATE TABLE t (a INT, \`${word}\` INT)`)).toBeUndefined()
})

test.each(nonReservedKeywords)('%s is a name wherever a name may stand', word => {
  expect(errorOf(`CREATE TABLE ${word} (${word} INT, b AS ${word} + 1)`)).toBeUndefined()
  expect(errorOf(`SELECT ${word}, t.${word} AS ${word}, 1 ${word} FROM ${word} ${word}`)).toBeUndefined()
  expect(
    errorOf(`SELECT ${word} FROM a JOIN ${word} ON a.${word} = ${word}.a ORDER BY ${word} DESC`),
  ).toBeUndefined()
})

describe('reserved words as functions', () => {
  test.each(reservedFunctions)('%s may be called', word => {
    expect(expression(`${word}(a, b)`)).toMatchObject({ kind: 'FunctionCall', name: [word] })
  })

  test.each(niladicFunctions)('%s needs no parentheses', word => {
    expect(expression(word)).toMatchObject({ kind: 'FunctionCall', name: [word], args: [] })
  })
})

test("what streaming people name their columns is settled as Flink's parser settles it", () => {
  const isName = (word: string) => errorOf(`CREATE TABLE t (a INT, ${word} INT)`) === undefined
  const names = [
    'key',
    'name',
    'type',
    'data',
    'id',
    'version',
    'state',
    'source',
    'session',
    'ts',
    'status',
    'week',
  ]
  const taken = [
    'value',
    'timestamp',
    'date',
    'time',
    'user',
    'order',
    'year',
    'month',
    'day',
    'hour',
    'result',
  ]
  const alsoTaken = [
    'method',
    'start',
    'end',
    'position',
    'language',
    'comment',
    'rank',
    'count',
    'offset',
    'table',
  ]
  expect(names.filter(word => !isName(word))).toEqual([])
  expect([...taken, ...alsoTaken].filter(isName)).toEqual([])
})
