/** Arbitrary plain values of a type, with the edges that break things: limits, signs, empty and multi-byte text. */
import fc from 'fast-check'
import type { LogicalType, PlainValue } from '../../../src/types/index.ts'

const words = [
  '',
  ' ',
  'a',
  'Mill',
  'né😀x',
  '  ab ',
  'a,b,,c',
  '2024-02-29 12:34:56.789',
  '2024-02-29',
  '12:34:56',
  '-12.5',
  '9223372036854775807',
  '1e3',
  'true',
  '{"a": [1, {"b": "x"}]}',
  'aGVsbG8=',
  'https://a.b/c/d?x=1&channel_id=42',
  '%_\\',
]

const text = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: fc.constantFrom('a', 'B', '1', '-', ' ', 'é', '😀', ',', '.'), maxLength: 12 }),
)

const bigWithin = (bits: bigint) =>
  fc.oneof(
    fc.constantFrom(0n, 1n, -1n, 2n ** (bits - 1n) - 1n, -(2n ** (bits - 1n))),
    fc.bigInt({ min: -1000n, max: 1000n }).map(value => BigInt.asIntN(Number(bits), value)),
    fc.bigInt({ min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n }),
  )
const integer = (bits: number) => bigWithin(BigInt(bits)).map(Number)
const double = fc.oneof(
  fc.constantFrom(0, -0, 1.5, -2.675, 1e300, 1e-7, 12345678, Number.NaN, Number.POSITIVE_INFINITY),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
)

/** 0001-01-01 to 9999-12-31 in ms, mostly near now. */
const epochMs = fc.oneof(
  fc.constantFrom(0, -1, -62135596800000, 253402300799999, 951782399999),
  fc.integer({ min: -86400000, max: 86400000 }),
  fc.integer({ min: 0, max: 1_900_000_000_000 }),
)

export function anyValue(type: LogicalType): fc.Arbitrary<PlainValue> {
  switch (type.kind) {
    case 'BOOLEAN':
      return fc.boolean()
    case 'TINYINT':
      return integer(8)
    case 'SMALLINT':
      return integer(16)
    case 'INTEGER':
      return integer(32)
    case 'BIGINT':
      return bigWithin(64n)
    case 'FLOAT':
      return double.map(Math.fround)
    case 'DOUBLE':
      return double
    case 'DECIMAL': {
      const limit = 10n ** BigInt(type.precision) - 1n
      return fc.oneof(fc.constantFrom(0n, limit, -limit), fc.bigInt({ min: -limit, max: limit }))
    }
    case 'CHAR':
    case 'VARCHAR':
      return text
    case 'BINARY':
    case 'VARBINARY':
      return fc.uint8Array({ maxLength: 8 })
    case 'DATE':
      return epochMs.map(ms => Math.floor(ms / 86400000))
    case 'TIME':
      return fc.integer({ min: 0, max: 86399 }).map(s => s * 1000)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestamp(type.precision)
    case 'INTERVAL_YEAR_MONTH':
      return fc.integer({ min: -50, max: 50 })
    case 'INTERVAL_DAY_TIME':
      return fc.integer({ min: -100_000_000, max: 100_000_000 })
    case 'ARRAY':
      return fc.array(nullable(type.element), { maxLength: 4 })
    case 'MAP':
      return fc
        .array(fc.tuple(anyValue(type.key), nullable(type.value)), { maxLength: 3 })
        .map(entries => new Map(entries) as PlainValue)
    case 'ROW':
      return fc.tuple(...type.fields.map(field => nullable(field.type))) as fc.Arbitrary<PlainValue>
    case 'MULTISET':
    case 'NULL':
      return fc.constant(null)
  }
}

function timestamp(precision: number): fc.Arbitrary<PlainValue> {
  const unit = 10 ** Math.max(0, 3 - precision)
  const ms = epochMs.map(at => Math.floor(at / unit) * unit)
  if (precision <= 3) return ms
  const nanos = fc.integer({ min: 0, max: 999_999 })
  const kept = 10 ** Math.max(0, 9 - precision)
  return fc.tuple(ms, nanos).map(([at, below]): PlainValue => {
    const cut = Math.floor(below / kept) * kept
    return precision <= 6 ? BigInt(at) * 1000n + BigInt(Math.floor(cut / 1000)) : [at, cut]
  })
}

export const nullable = (type: LogicalType): fc.Arbitrary<PlainValue> =>
  fc.option(anyValue(type), { nil: null, freq: 6 })
