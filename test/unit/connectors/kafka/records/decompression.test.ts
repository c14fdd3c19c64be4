import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compress,
  decompress,
  MAX_DECOMPRESSED_BYTES,
} from '../../../../../src/connectors/kafka/records/compression.ts'
import { lz4FrameSize } from '../../../../../src/connectors/kafka/records/lz4-size.ts'
import { uncompressSnappy } from '../../../../../src/connectors/kafka/records/snappy.ts'

const snappyjs = createRequire(import.meta.url)('snappyjs') as {
  uncompress(bytes: Uint8Array): Uint8Array
}

/** Some of it repeats, near and far. */
const compressible = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 90 }), fc.integer({ min: 1, max: 400 })), {
    maxLength: 12,
  })
  .map(
    pieces =>
      new Uint8Array(
        Buffer.concat(pieces.map(([piece, times]) => Buffer.alloc(piece.length * times, piece))),
      ),
  )

test('snappy: what another writer compressed comes back, as another reader says', () => {
  fc.assert(
    fc.property(compressible, plain => {
      const packed = compress('snappy', plain)
      expect(Buffer.from(uncompressSnappy(packed, plain.length)).equals(plain)).toBe(true)
      expect(Buffer.from(snappyjs.uncompress(packed)).equals(plain)).toBe(true)
    }),
    { numRuns: 100 },
  )
})

test.each([
  ['nothing', []],
  ['a length that goes on for ever', [0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['256 MB announced by ten bytes', [0x80, 0x80, 0x80, 0x80, 0x01, 0, 0, 0, 0, 0]],
  // snappyjs reads it as a literal of -2147483648 bytes and goes backwards for ever.
  ['a literal longer than 2 GB', [0x05, 0xfc, 0xff, 0xff, 0xff, 0x7f, 0, 0]],
  ['a literal beyond the end', [0x05, 0x10, 1, 2]],
  ['a copy from before the beginning', [0x05, 0x00, 1, 0x01, 9]],
  ['a copy from distance 0', [0x05, 0x00, 1, 0x01, 0]],
  ['a copy cut off', [0x05, 0x00, 1, 0x01]],
  ['less than announced', [0x05, 0x00, 1]],
  ['more than announced', [0x01, 0x08, 1, 2, 3]],
])('snappy: %s is refused', (_, bytes) => {
  expect(() => uncompressSnappy(Uint8Array.from(bytes), MAX_DECOMPRESSED_BYTES)).toThrow(/snappy/)
})

test('lz4: the size of a frame is known before', () => {
  fc.assert(
    fc.property(compressible, plain => {
      expect(lz4FrameSize(compress('lz4', plain))).toBe(plain.length)
    }),
    { numRuns: 100 },
  )
})

test('lz4: a frame that would fill the memory is not decompressed', () => {
  const numLengthBytes = 3 * 1024 * 1024
  const block = new Uint8Array(numLengthBytes + 12).fill(255)
  // One literal, then a match of 255 bytes for each byte, then the five literals a block ends with.
  block.set([0x1f, 65, 1, 0])
  block.set([0, 0x50, 1, 2, 3, 4, 5], numLengthBytes + 4)
  const frame = new Uint8Array(7 + 4 + block.length + 4)
  const view = new DataView(frame.buffer)
  view.setUint32(0, 0x184d2204, true)
  frame.set([0x40, 0x70, 0xdf], 4)
  view.setUint32(7, block.length, true)
  frame.set(block, 11)
  expect(lz4FrameSize(frame)).toBeGreaterThan(700_000_000)
  expect(() => decompress(3, frame)).toThrow('lz4 frame beyond the output limit')
})

test('lz4: cut off anywhere it is an error', () => {
  const frame = compress('lz4', new Uint8Array(Buffer.from('abcabcabcabcabcabcabcabcabc'.repeat(20))))
  for (let length = 0; length < frame.length; length++) {
    expect(() => lz4FrameSize(frame.subarray(0, length))).toThrow('broken lz4 frame')
    expect(() => decompress(3, frame.subarray(0, length))).toThrow()
  }
})
