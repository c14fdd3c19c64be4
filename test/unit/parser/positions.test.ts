import { expect, test } from 'vitest'
import type { SourcePosition } from '../../../src/errors/index.ts'
import { parseScript } from '../../../src/parser/index.ts'
import { canonical } from './canonical.ts'
import { nexmark } from './nexmark.ts'

interface PlacedNode {
  readonly kind: string
  readonly position: SourcePosition
  readonly name?: unknown
  readonly value?: unknown
}

const isPlaced = (node: unknown): node is PlacedNode =>
  typeof node === 'object' && node !== null && 'kind' in node && 'position' in node

/** Every node below, with the nearest placed node above it. */
function* nodes(
  node: unknown,
  parent?: PlacedNode,
): Generator<readonly [PlacedNode, PlacedNode | undefined]> {
  if (typeof node !== 'object' || node === null) return
  const placed = isPlaced(node) ? node : parent
  if (isPlaced(node)) yield [node, parent]
  for (const [key, child] of Object.entries(node)) if (key !== 'position') yield* nodes(child, placed)
}

const end = ({ offset, length }: SourcePosition) => offset + length

const { types: _types, expressions: _expressions, ...statements } = canonical
const scripts = [
  ...Object.values(statements).flatMap(cases => cases.map(([sql]) => sql)),
  ...nexmark.map(([, sql]) => sql),
]

test.each(scripts)('%s', sql => {
  const text = `-- first\n  ${sql}`
  for (const statement of parseScript({ text, name: 'x' })) {
    for (const [node, parent] of nodes(statement)) {
      const { offset, line, column, length } = node.position
      const written = text.slice(offset, offset + length)
      const before = text.slice(0, offset).split('\n')
      expect([line, column], node.kind).toEqual([before.length, before.at(-1)!.length + 1])
      if (node.kind === 'Identifier') expect(written.replaceAll('`', '')).toBe(node.name)
      // A key declared with its column names that column, which stands outside the clause.
      if (parent === undefined || parent.kind === 'PrimaryKeyDefinition') continue
      expect(offset, `${node.kind} in ${parent.kind}`).toBeGreaterThanOrEqual(parent.position.offset)
      expect(end(node.position), `${node.kind} in ${parent.kind}`).toBeLessThanOrEqual(end(parent.position))
    }
  }
})

test('a statement covers its text without the semicolon', () => {
  const text = "SET 'a' = 'b' ; EXECUTE INSERT INTO t SELECT 1;\n(SELECT 1) UNION SELECT 2;"
  const written = parseScript({ text, name: 'x' }).map(({ position }) =>
    text.slice(position.offset, end(position)),
  )
  expect(written).toEqual(["SET 'a' = 'b'", 'EXECUTE INSERT INTO t SELECT 1', '(SELECT 1) UNION SELECT 2'])
})
