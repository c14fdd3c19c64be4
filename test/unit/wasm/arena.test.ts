import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomNumbers } from '../../../demo/traffic.ts'
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

/** Where the allocations of a job that lags, catches up and lags again end: its responses are now small, now big. */
test('memory cut small serves big allocations later: the arena stays at what is held at most', () => {
  const arena = new Arena()
  const random = randomNumbers(1)
  const live: { readonly address: number; readonly size: number }[] = []
  const most = 64 * 1024 * 1024
  let held = 0
  let highest = 0
  for (let step = 0; step < 100_000; step++) {
    const typical = 2 ** (20 - 5 * Math.cos(step / 5_000))
    const size = Math.floor(typical * (0.5 + random()))
    while (held + size > most) {
      const oldest = live.shift()!
      arena.release(oldest.address)
      held -= oldest.size
    }
    const region = arena.allocate(size)
    expect(region).not.toBeNull()
    const { byteOffset: address } = region!
    live.push({ address, size })
    held += size
    highest = Math.max(highest, address + size)
  }
  expect(highest).toBeLessThan(4 * most)
  for (const { address } of live) arena.release(address)
  expect(arena.bytesInUse).toBe(0)
})
