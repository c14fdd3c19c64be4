import { describe, expect, test } from 'vitest'
import {
  parseExpression,
  parseStatement,
  parseTypeName,
  printExpression,
  printStatement,
  printType,
} from '../../../src/parser/index.ts'
import { canonical } from './canonical.ts'
import { plain } from './parse.ts'

const source = (text: string) => ({ text, name: '<sql>' })

/** How a group of cases is read and printed; all but two are statements. */
function coder(group: string): readonly [(text: string) => unknown, (text: string) => string] {
  if (group === 'types')
    return [text => parseTypeName(source(text)), text => printType(parseTypeName(source(text)))]
  if (group === 'expressions')
    return [text => parseExpression(source(text)), text => printExpression(parseExpression(source(text)))]
  return [text => parseStatement(source(text)), text => printStatement(parseStatement(source(text)))]
}

describe.each(Object.entries(canonical))('%s', (group, cases) => {
  const [parse, reprint] = coder(group)

  test.each(cases)('%s', (sql, printed) => {
    expect(reprint(sql)).toBe(printed)
    expect(plain(parse(printed))).toEqual(plain(parse(sql)))
  })
})
