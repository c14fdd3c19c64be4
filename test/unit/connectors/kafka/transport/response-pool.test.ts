import { expect, test } from 'vitest'
import { ResponsePool } from '../../../../../src/connectors/kafka/transport/response-pool.ts'
import { kernelsOrNull } from '../../../../../src/wasm/kernels.ts'

const BIG = 50_000

test('big responses stand in the arena, and a recycled one makes room for the next', () => {
  const { arena } = kernelsOrNull()!
  const before = arena.bytesInUse
  const pool = new ResponsePool()
  const first = pool.allocate(BIG)
  const second = pool.allocate(BIG)
  expect([arena.contains(first), arena.contains(second)]).toEqual([true, true])
  expect(second.byteOffset).not.toBe(first.byteOffset)
  expect(arena.contains(pool.allocate(100))).toBe(false)
  // As the parser of a response sees it: behind the correlation id.
  pool.recycle(first.subarray(4))
  pool.recycle(first.subarray(4))
  pool.recycle(new Uint8Array(BIG))
  expect(pool.allocate(BIG - 1000).byteOffset).toBe(first.byteOffset)
  pool.close()
  expect(arena.bytesInUse).toBe(before)
  expect(arena.contains(pool.allocate(BIG))).toBe(false)
})

test('when the arena is full responses stand on the heap, and a recycled buffer is used again', () => {
  const { arena } = kernelsOrNull()!
  const taken: number[] = []
  for (let size = 2 ** 28; size >= 2 ** 15; size /= 2)
    for (let region = arena.allocate(size); region !== null; region = arena.allocate(size))
      taken.push(region.byteOffset)
  const pool = new ResponsePool()
  const first = pool.allocate(BIG)
  const second = pool.allocate(BIG)
  pool.recycle(first)
  pool.recycle(first)
  expect(arena.contains(first)).toBe(false)
  expect(second.buffer).not.toBe(first.buffer)
  expect(pool.allocate(BIG - 1000).buffer).toBe(first.buffer)
  expect(pool.allocate(BIG - 1000).buffer).not.toBe(first.buffer)
  for (const address of taken) arena.release(address)
})
