/** Any value of a type of each storage. */
import fc from 'fast-check'
import {
  arrayType,
  bigintType,
  booleanType,
  bytesType,
  dateType,
  dayTimeType,
  decimalType,
  doubleType,
  integerType,
  type LogicalType,
  mapType,
  type PlainValue,
  stringType,
  timestampLtzType,
  timestampType,
  tinyintType,
} from '../../src/types/index.ts'

const bigints = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)
const ms = fc.integer({ min: -8.64e15, max: 8.64e15 })
export const arbitraryValues: readonly (readonly [LogicalType, fc.Arbitrary<PlainValue>])[] = [
  [booleanType(), fc.boolean()],
  [tinyintType(), fc.integer({ min: -128, max: 127 })],
  [integerType(), fc.integer()],
  [dateType(), fc.integer()],
  [bigintType(), bigints],
  [decimalType(18, 3), bigints],
  [decimalType(38, 3), fc.bigInt(-(10n ** 40n), 10n ** 40n)],
  [doubleType(), fc.double()],
  [dayTimeType(), ms],
  [stringType(), fc.string({ unit: 'grapheme' })],
  [bytesType(), fc.uint8Array()],
  [timestampType(3), ms],
  [timestampLtzType(6), bigints],
  [timestampType(9), fc.tuple(ms, fc.integer({ min: 0, max: 999_999 }))],
  [arrayType(bigintType()), fc.array(bigints)],
  [
    mapType(stringType(), doubleType()),
    // Inside nested values −0 is kept as 0: equal values have equal text (src/state/object-codec.ts).
    fc
      .dictionary(
        fc.string(),
        fc.double().map(value => (value === 0 ? 0 : value)),
      )
      .map(d => new Map(Object.entries(d))),
  ],
]
