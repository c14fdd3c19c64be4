import { describe, expect, test } from 'vitest'
import {
  array,
  between,
  boolean,
  bytes,
  type Codec,
  int8,
  int16,
  int32,
  int64,
  nullableArray,
  nullableBytes,
  nullableString,
  records,
  since,
  string,
  struct,
  until,
  uuid,
} from '../../../src/dev-broker/protocol/codec.ts'
import { Reader, WireError } from '../../../src/dev-broker/protocol/reader.ts'
import { Writer } from '../../../src/dev-broker/protocol/writer.ts'

function write<T>(codec: Codec<T>, value: T, version = 0, flexible = false): Buffer {
  const writer = new Writer()
  writer.version = version
  writer.flexible = flexible
  codec.write(writer, value)
  return writer.toBuffer()
}

function read<T>(codec: Codec<T>, buffer: Buffer, version = 0, flexible = false): T {
  const reader = new Reader(buffer)
  reader.version = version
  reader.flexible = flexible
  const value = codec.read(reader)
  expect(reader.remaining).toBe(0)
  return value
}

const hex = <T>(codec: Codec<T>, value: T, version = 0, flexible = false) =>
  write(codec, value, version, flexible).toString('hex')

describe('bytes on the wire, by hand from the protocol guide', () => {
  test('integers and booleans', () => {
    expect(hex(int8, -2)).toBe('fe')
    expect(hex(int16, 258)).toBe('0102')
    expect(hex(int32, -1)).toBe('ffffffff')
    expect(hex(int64, 2 ** 40 + 5)).toBe('0000010000000005')
    expect(hex(boolean, true)).toBe('01')
    expect(hex(uuid, '00112233445566778899aabbccddeeff')).toBe('00112233445566778899aabbccddeeff')
  })

  test('strings and bytes, plain and compact', () => {
    expect(hex(string, 'é')).toBe('0002c3a9')
    expect(hex(string, 'é', 0, true)).toBe('03c3a9')
    expect(hex(nullableString, null)).toBe('ffff')
    expect(hex(nullableString, null, 0, true)).toBe('00')
    expect(hex(bytes, Buffer.from([7]))).toBe('0000000107')
    expect(hex(bytes, Buffer.from([7]), 0, true)).toBe('0207')
    expect(hex(nullableBytes, null)).toBe('ffffffff')
  })

  test('arrays and tag sections', () => {
    const item = struct({ n: int8 })
    expect(hex(array(item), [{ n: 1 }, { n: 2 }])).toBe('000000020102')
    expect(hex(array(item), [{ n: 1 }, { n: 2 }], 0, true)).toBe('0301000200')
    expect(hex(nullableArray(item), null)).toBe('ffffffff')
    expect(hex(nullableArray(item), null, 0, true)).toBe('00')
  })

  test('lengths of 127 and more take two bytes in compact form', () => {
    expect(hex(string, 'x'.repeat(127), 0, true).slice(0, 4)).toBe('8001')
    expect(read(string, write(string, 'x'.repeat(20_000), 0, true), 0, true)).toHaveLength(20_000)
  })
})

describe('versions', () => {
  const message = struct({
    always: int8,
    from2: since(2, int8, -7),
    upTo1: until(1, int8, -8),
    only1: between(1, 1, int8, -9),
  })

  test('fields are there in their versions and have their defaults elsewhere', () => {
    const value = { always: 1, from2: 2, upTo1: 3, only1: 4 }
    expect(hex(message, value, 0)).toBe('0103')
    expect(hex(message, value, 1)).toBe('010304')
    expect(hex(message, value, 2)).toBe('0102')
    expect(read(message, Buffer.from('0103', 'hex'), 0)).toEqual({
      always: 1,
      from2: -7,
      upTo1: 3,
      only1: -9,
    })
    expect(read(message, Buffer.from('0102', 'hex'), 5)).toEqual({
      always: 1,
      from2: 2,
      upTo1: -8,
      only1: -9,
    })
  })

  test('unknown tags are skipped', () => {
    const tagged = Buffer.from('01' + '02' + '0003aabbcc' + '0100', 'hex')
    expect(read(struct({ n: int8 }), tagged, 0, true)).toEqual({ n: 1 })
  })
})

describe('malformed input', () => {
  test.each([
    ['a string past the end', string, '000561'],
    ['a null string', string, 'ffff'],
    ['an array of impossible size', array(int8), '7fffffff01'],
    ['an integer past the end', int32, '0000'],
  ])('%s is a WireError', (_what, codec, text) => {
    expect(() => (codec as Codec<unknown>).read(new Reader(Buffer.from(text, 'hex')))).toThrow(WireError)
  })

  test('a varint without end is a WireError', () => {
    const reader = new Reader(Buffer.alloc(8, 0xff))
    expect(() => reader.unsignedVarint()).toThrow(WireError)
  })
})

test('large record chunks are passed through without a copy, in their place', () => {
  const large = Buffer.alloc(10_000, 1)
  const small = Buffer.alloc(10, 2)
  const writer = new Writer()
  writer.int8(9)
  records.write(writer, [small, large, small])
  writer.int8(8)
  const frame = writer.frame()
  expect(frame.some(chunk => chunk === large)).toBe(true)
  const whole = Buffer.concat(frame)
  expect(whole.readInt32BE(0)).toBe(whole.length - 4)
  expect(whole.readInt32BE(5)).toBe(10_020)
  expect(whole.subarray(9).equals(Buffer.concat([small, large, small, Buffer.from([8])]))).toBe(true)
})
