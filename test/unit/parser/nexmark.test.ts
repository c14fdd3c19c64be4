import { expect, test } from 'vitest'
import { parseScript, printStatement } from '../../../src/parser/index.ts'
import { nexmark } from './nexmark.ts'
import { plain } from './parse.ts'

test.each(nexmark)('%s parses, and survives printing', (name, sql) => {
  const statements = parseScript({ text: sql, name })
  const printed = statements.map(printStatement).join(';\n')
  expect(plain(parseScript({ text: printed, name }))).toEqual(plain(statements))
})
