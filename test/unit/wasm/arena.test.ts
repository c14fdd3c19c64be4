import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Arena } from '../../../src/wasm/arena.ts'

test('allocations never overlap, keep their bytes, and all memory comes back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.boolean()), { maxLength: 60 }),
      steps => {
        const arena = new Arena(1024 * 1024)
        const memory = new Uint8Array(arena.buffer)
        const live: { readonly at: number; readonly size: number; readonly mark: number }[] = []
        const check = (block: (typeof live)[number]) =>
          expect(memory.subarray(block.at, block.at + block.size).every(byte => byte === block.mark)).toBe(
            true,
          )
        steps.forEach(([size, frees], i) => {
          if (frees && live.length > 0) {
            const block = live.splice(size % live.length, 1)[0]!
            check(block)
            arena.release(block.at)
            return
          }
          const region = arena.allocate(size)
          if (region === null) return
          expect(region.byteOffset % 64).toBe(0)
          memory.fill(i % 256, region.byteOffset, region.byteOffset + size)
          live.push({ at: region.byteOffset, size, mark: i % 256 })
        })
        for (const block of live) {
          check(block)
          arena.release(block.at)
        }
        expect(arena.bytesInUse).toBe(0)
      },
    ),
  )
})

test('a full arena says so; freeing twice is refused', () => {
  const arena = new Arena(256 * 1024)
  expect(arena.allocate(10 * 1024 * 1024)).toBeNull()
  const region = arena.allocate(100_000)!
  expect(arena.allocate(100_000)).toBeNull()
  arena.release(region.byteOffset)
  expect(() => arena.release(region.byteOffset)).toThrow('nothing is allocated')
  expect(arena.allocate(90_000)!.byteOffset).toBe(region.byteOffset)
})
