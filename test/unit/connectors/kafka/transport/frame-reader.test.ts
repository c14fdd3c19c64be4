import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader } from '../../../../../src/connectors/kafka/transport/frame-reader.ts'
import { ResponsePool } from '../../../../../src/connectors/kafka/transport/response-pool.ts'

function frame(correlationId: number, size: number): Buffer {
  const bytes = Buffer.alloc(8 + size, correlationId & 0xff)
  bytes.writeInt32BE(4 + size, 0)
  bytes.writeInt32BE(correlationId, 4)
  return bytes
}

test('responses come out whole, however the bytes come in and whatever is recycled', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat({ max: 20 }), fc.integer({ min: 32_000, max: 70_000 })), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1 }),
      fc.boolean(),
      (sizes, cuts, recycles) => {
        const stream = Buffer.concat(sizes.map((size, i) => frame(i, size)))
        const seen: number[] = []
        const pool = new ResponsePool()
        const reader = new FrameReader(
          'broker:9092',
          (correlationId, payload, size) => {
            expect(size).toBe(sizes[correlationId]! + 4)
            expect(payload.length).toBe(sizes[correlationId]!)
            expect(payload.every(byte => byte === (correlationId & 0xff))).toBe(true)
            seen.push(correlationId)
            if (recycles) pool.recycle(payload)
          },
          pool,
        )
        // The socket's one buffer, overwritten by each read.
        const chunk = Buffer.alloc(40_000)
        for (let at = 0, i = 0; at < stream.length; i++) {
          const count = Math.min(cuts[i % cuts.length]!, stream.length - at)
          stream.copy(chunk, 0, at, at + count)
          reader.push(chunk.subarray(0, count))
          chunk.fill(0xee)
          at += count
        }
        expect(seen).toEqual(sizes.map((_, i) => i))
        pool.close()
      },
    ),
    { numRuns: 60 },
  )
})

test.each([
  ['2 GB', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
  ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['no correlation id', Buffer.from([0, 0, 0, 3])],
  ['the first bytes of an HTTP server', Buffer.from('HTTP/1.1 400 Bad Request')],
  ['the first bytes of a TLS alert', Buffer.from([0x15, 3, 3, 0, 2, 2, 0x46])],
])('%s: refused before anything is allocated', (_, bytes) => {
  const reader = new FrameReader('broker:9092', () => expect.unreachable())
  expect(() => reader.push(bytes)).toThrow(expect.objectContaining({ code: 'MR_KAFKA_NO_FRAME' }))
})
