import { expect, test } from 'vitest'
import { rawFormat } from '../../../../src/formats/raw/index.ts'
import {
  BatchBuilder,
  ByteSink,
  bigintType,
  booleanType,
  bytesType,
  doubleType,
  floatType,
  integerType,
  type LogicalType,
  type PlainValue,
  smallintType,
  stringType,
  timestampType,
  tinyintType,
  writePlain,
} from '../../../../src/types/index.ts'
import { decodeAll } from '../../../support/payloads.ts'

type Options = Readonly<Record<string, string>>
const context = (options: Options) => ({ options, timeZone: 'UTC' })

function decode(type: LogicalType, payload: Uint8Array | string | null, options: Options = {}): PlainValue {
  const fields = [{ name: 'v', type }]
  const decoder = rawFormat.createDecoder({ fields, wanted: [0] }, context(options))
  return decodeAll(decoder, fields, [payload])[0]!.values[0]!
}

function encode(type: LogicalType, value: PlainValue, options: Options = {}): Uint8Array {
  const batch = new BatchBuilder([type], 1)
  writePlain(batch.columns[0]!, batch.addRow(), value)
  const out = new ByteSink(1)
  rawFormat.createEncoder([{ name: 'v', type }], [0], context(options)).encode(batch, 0, out)
  return out.bytes.slice(0, out.length)
}

const little = { endianness: 'little-endian' }
type Case = [type: LogicalType, value: PlainValue, bytes: number[], options?: Options]
const cases: Case[] = [
  [booleanType(), true, [1]],
  [tinyintType(), -1, [255]],
  [smallintType(), -2, [255, 254]],
  [integerType(), 1, [0, 0, 0, 1]],
  [integerType(), 1, [1, 0, 0, 0], little],
  [bigintType(), -9223372036854775807n, [128, 0, 0, 0, 0, 0, 0, 1]],
  [bigintType(), 258n, [2, 1, 0, 0, 0, 0, 0, 0], little],
  [floatType(), 1.5, [63, 192, 0, 0]],
  [doubleType(), 1.5, [63, 248, 0, 0, 0, 0, 0, 0]],
  [bytesType(), new Uint8Array([0, 255]), [0, 255]],
  [stringType(), 'é', [0xc3, 0xa9]],
  [stringType(), 'é', [0xe9], { charset: 'ISO-8859-1' }],
  [stringType(), 'é', [0, 0xe9], { charset: 'UTF-16BE' }],
  [stringType(), '', []],
]

test.each(cases)('%o %o is %o', (...[type, value, bytes, options = {}]: Case) => {
  expect([...encode(type, value, options)]).toEqual(bytes)
  expect(decode(type, Uint8Array.from(bytes), options)).toEqual(value)
})

test('a null payload is NULL; malformed text gets replacement characters', () => {
  expect(decode(stringType(), null)).toBeNull()
  expect(decode(integerType(), null)).toBeNull()
  expect(() => decode(integerType(false), null)).toThrow(/NOT NULL/)
  expect(decode(stringType(), new Uint8Array([97, 0xff]))).toBe('a�')
})

test('wrong length, NULL out, more columns, other types and options are refused', () => {
  expect(() => decode(integerType(), 'abc')).toThrow("field 'v' of type INT: 3 bytes for a value of 4")
  expect(() => encode(stringType(), null)).toThrow(/cannot write NULL/)
  expect(() => decode(timestampType(3), '')).toThrow(/cannot hold field 'v'/)
  const two = [
    { name: 'a', type: stringType() },
    { name: 'b', type: stringType() },
  ]
  expect(() => rawFormat.createDecoder({ fields: two, wanted: [0] }, context({}))).toThrow(
    /exactly one column/,
  )
  expect(() => decode(stringType(), '', { charset: 'klingon' })).toThrow(/charset/)
  expect(() => decode(integerType(), '', { endianness: 'middle' })).toThrow(/endianness/)
})
