import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  parseExpression,
  parseStatement,
  parseTypeName,
  printExpression,
  printQuery,
  printStatement,
  printType,
} from '../../../src/parser/index.ts'
import { ddlAndDml } from './generators/ddl.ts'
import { generators } from './generators/queries.ts'
import { typeName } from './generators/types.ts'

/** The law: printing an AST and parsing the text gives the same AST, positions aside. */

const source = (text: string) => ({ text, name: 'printed' })
const withoutPositions = (node: unknown): unknown =>
  JSON.parse(JSON.stringify(node, (key, value) => (key === 'position' ? undefined : value)))

function holds<T>(arbitrary: fc.Arbitrary<T>, print: (node: T) => string, parse: (text: string) => unknown) {
  fc.assert(
    fc.property(arbitrary, node => {
      const text = print(node)
      expect(withoutPositions(parse(text)), text).toEqual(withoutPositions(node))
    }),
    { numRuns: 300 },
  )
}

test('types', () => holds(typeName, printType, text => parseTypeName(source(text))))
test('expressions', () =>
  holds(generators.expression, printExpression, text => parseExpression(source(text))))
test('queries', () => holds(generators.query, printQuery, text => parseStatement(source(text))))
test('tables, views and inserts', () =>
  holds(ddlAndDml, printStatement, text => parseStatement(source(text))))
