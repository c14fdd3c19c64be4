import { expect, test } from 'vitest'
import { WireReader, WireWriter } from '../../../../../src/connectors/kafka/transport/wire.ts'

const large = (byte: number) => new Uint8Array(40_000).fill(byte)

function write(writer: WireWriter, first: Uint8Array, second: Uint8Array): Buffer {
  writer
    .int32(1)
    .bytes(first)
    .string('between')
    .bytes(second)
    .bytes(Uint8Array.of(7))
    .int64(2 ** 40)
  return Buffer.concat(writer.pieces())
}

test('large byte strings are lent: they stand in the frame as they are, everything in its order', () => {
  const first = large(1)
  const second = large(2)
  const writer = new WireWriter(16)
  const frame = write(writer, first, second)
  expect(writer.pieces().filter(piece => piece === first || piece === second)).toEqual([first, second])
  const reader = new WireReader(frame)
  expect(reader.int32()).toBe(1)
  expect(reader.int32()).toBe(first.length)
  reader.skip(first.length)
  expect(reader.string()).toBe('between')
  reader.skip(4 + second.length)
  expect([reader.int32(), reader.int8(), reader.int64(), reader.offset]).toEqual([
    1,
    7,
    2 ** 40,
    frame.length,
  ])
})

test('a writer that copies makes the same frame, which later changes of the bytes do not reach', () => {
  const bytes = large(1)
  const lent = write(new WireWriter(16), bytes, large(2))
  const writer = new WireWriter(16, true)
  writer
    .int32(1)
    .bytes(bytes)
    .string('between')
    .bytes(large(2))
    .bytes(Uint8Array.of(7))
    .int64(2 ** 40)
  bytes.fill(9)
  expect(Buffer.concat(writer.pieces())).toEqual(lent)
})
