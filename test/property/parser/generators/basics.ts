import * as fc from 'fast-check'
import type { Identifier, Property, QualifiedName, StringLiteral } from '../../../../src/parser/index.ts'

/** ASTs are generated without places: every node has this one, and comparisons leave positions out. */
export const position = { offset: 0, line: 1, column: 1, length: 1 }

const plainNames = ['a', 'b', 'price', 'ümlaut', 'x_1', 'key', 'First', 'data']
const oddNames = ['timestamp', 'select', 'weird `name', '1st', 'offset', 'a b', '$x', 'value']

export const identifier: fc.Arbitrary<Identifier> = fc.oneof(
  fc
    .record({ name: fc.constantFrom(...plainNames), quoted: fc.boolean() })
    .map(parts => ({ kind: 'Identifier', ...parts, position }) as const),
  fc.constantFrom(...oddNames).map(name => ({ kind: 'Identifier', name, quoted: true, position }) as const),
)

export const string: fc.Arbitrary<StringLiteral> = fc
  .oneof(fc.constantFrom('', "it's", 'a\nb', '--', '/* x */', '%_\\', '`'), fc.string({ maxLength: 5 }))
  .map(value => ({ kind: 'StringLiteral', value, position }))

export const list = <T>(arbitrary: fc.Arbitrary<T>, minLength = 0, maxLength = 3): fc.Arbitrary<T[]> =>
  fc.array(arbitrary, { minLength, maxLength })

export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 })

export const qualifiedName: fc.Arbitrary<QualifiedName> = list(identifier, 1, 3).map(
  ([first, ...others]) => [first!, ...others] as const,
)

export const properties: fc.Arbitrary<Property[]> = list(
  fc.record({ key: string, value: string }).map(pair => ({ kind: 'Property', ...pair, position }) as const),
  0,
  2,
)

/** `record` of fields with kind and position added. */
export const node = <K extends string, T extends object>(
  kind: K,
  fields: { [P in keyof T]: fc.Arbitrary<T[P]> },
) => fc.record(fields).map(values => ({ kind, ...(values as T), position }))
