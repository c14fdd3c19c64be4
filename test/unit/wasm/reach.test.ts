import { expect, test } from 'vitest'
import { hashByKernel } from '../../../src/state/keys/hash-by-kernel.ts'
import { hashLoop } from '../../../src/state/keys/key-hash.ts'
import { BytesColumn } from '../../../src/types/index.ts'
import { columnMemory } from '../../../src/wasm/arena-memory.ts'
import { kernelsOrNull } from '../../../src/wasm/kernels.ts'
import { reaches } from '../../../src/wasm/reach.ts'

test('a string column whose bytes went to the heap is out of reach, and its keys are hashed by the loop', () => {
  const { arena } = kernelsOrNull()!
  const column = new BytesColumn(20, 64, columnMemory())
  for (let row = 0; row < 20; row++) column.append(row, Buffer.from('k1'), 0, 2)
  expect(reaches(arena, column)).toBe(true)
  const inArena = column.bytes
  // As when the arena is full.
  column.bytes = Uint8Array.from(inArena)
  expect(reaches(arena, column)).toBe(false)
  const hashes = new Int32Array(20)
  expect(hashByKernel([column], 20, hashes)).toBe(false)
  hashLoop(['bytes'])([column], 20, hashes)
  column.bytes = inArena
  const byKernel = new Int32Array(20)
  expect(hashByKernel([column], 20, byKernel)).toBe(true)
  expect(byKernel).toEqual(hashes)
  column.release()
})
