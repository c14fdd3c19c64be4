import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { murmur2, partitionOfKey } from '../../../../../src/connectors/kafka/sink/murmur2.ts'
import { advanceSequence } from '../../../../../src/connectors/kafka/sink/partition-queue.ts'

const hash = (text: string): number => murmur2(Buffer.from(text), 0, Buffer.byteLength(text))

test("known values of Kafka's own test", () => {
  expect(
    [
      '21',
      'foobar',
      'a-little-bit-long-string',
      'a-little-bit-longer-string',
      'lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8',
      'abc',
    ].map(hash),
  ).toEqual([-973932308, -790332482, -985981536, -1486304829, -58897971, 479470107])
})

test('agrees with kafkajs for any bytes', () => {
  const theirs = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2.js')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 100 }), (bytes, count) => {
      expect(murmur2(bytes, 0, bytes.length)).toBe(theirs(Buffer.from(bytes)))
      const partition = partitionOfKey(bytes, 0, bytes.length, count)
      expect(partition >= 0 && partition < count).toBe(true)
    }),
  )
})

test('sequences go around at 2^31', () => {
  expect(advanceSequence(0, 5)).toBe(5)
  expect(advanceSequence(2147483640, 7)).toBe(2147483647)
  expect(advanceSequence(2147483640, 8)).toBe(0)
  expect(advanceSequence(2147483647, 3)).toBe(2)
})
