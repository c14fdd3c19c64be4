import { expect, test } from 'vitest'
import { HashIndex } from '../../../../src/state/table/hash-index.ts'

/** Spread as key hashes are. */
const hashOf = (n: number) => Math.imul(n ^ (n >>> 15), 0x9e3779b1)

test('an insert moves at most one segment, however many keys there are', () => {
  const index = new HashIndex()
  const sizes = new Map<Int32Array, number>()
  let mostMoved = 0
  let numSegments = 0
  for (let id = 0; id < 60_000; id++) {
    index.insert(hashOf(id), id)
    // What an insert changes is where the hash leads; its new neighbour comes from the same segment.
    const at = (hashOf(id) >>> 1) >>> index.shift
    for (const segment of [index.directory[at]!, index.directory[at ^ 1]].filter(s => s !== undefined)) {
      if (sizes.has(segment)) continue
      sizes.set(segment, segment.length)
      numSegments++
      mostMoved = Math.max(mostMoved, (segment.length - 2) / 2)
    }
  }
  expect(mostMoved).toBeLessThanOrEqual(4096)
  expect(numSegments).toBeGreaterThan(16)
  const distinct = new Set(index.directory)
  expect(Math.max(...[...distinct].map(segment => (segment.length - 2) / 2))).toBe(4096)
})
