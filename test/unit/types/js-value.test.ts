import { describe, expect, test } from 'vitest'
import {
  arrayType,
  BatchBuilder,
  bigintType,
  booleanType,
  bytesType,
  dateType,
  decimalType,
  doubleType,
  fromJsValue,
  integerType,
  type LogicalType,
  mapType,
  multisetType,
  rowToJs,
  rowType,
  smallintType,
  stringType,
  timestampLtzType,
  timestampType,
  timeType,
  toJsValue,
  writePlain,
} from '../../../src/types/index.ts'

const point = rowType([
  { name: 'x', type: integerType() },
  { name: 'at', type: timestampLtzType(3) },
])

const roundTrips: [type: LogicalType, value: unknown, out?: unknown][] = [
  [booleanType(), true],
  [integerType(), -5],
  [integerType(), 7n, 7],
  [bigintType(), 9007199254740993n],
  [bigintType(), 5, 5n],
  [doubleType(), 1.5],
  [decimalType(10, 2), '12.50'],
  [decimalType(10, 2), 12.345, '12.35'],
  [stringType(), 'é'],
  [bytesType(), new Uint8Array([1, 2])],
  [dateType(), '2024-02-29'],
  [timeType(3), '12:34:56.789'],
  [timestampType(3), '2024-02-29 12:34:56.789'],
  [timestampType(6), '2024-02-29T12:34:56.123456', '2024-02-29 12:34:56.123456'],
  [timestampType(9), '2024-02-29 12:34:56.123456789'],
  [timestampType(3), new Date(0), '1970-01-01 00:00:00'],
  [timestampLtzType(3), new Date(5)],
  [timestampLtzType(3), '1970-01-01T02:00:00+02:00', new Date(0)],
  [timestampLtzType(6), '1970-01-01T00:00:00.000001Z'],
  [arrayType(bigintType()), [1n, null]],
  [mapType(stringType(), integerType()), { a: 1 }, new Map([['a', 1]])],
  [multisetType(stringType()), new Map([['a', 2]])],
  [point, { x: 1, at: new Date(3) }],
  [point, [1, 3], { x: 1, at: new Date(3) }],
  [point, { x: 1 }, { x: 1, at: null }],
  [integerType(), undefined, null],
]

test.each(roundTrips)('%o takes %o', (...[type, value, out]: [LogicalType, unknown, unknown?]) => {
  expect(toJsValue(fromJsValue(value, type), type)).toEqual(out === undefined ? value : out)
})

describe('refused', () => {
  const wrong: readonly (readonly [LogicalType, unknown])[] = [
    [integerType(), 1.5],
    [integerType(), '1'],
    [integerType(), 2 ** 31],
    [smallintType(), 40000n],
    [bigintType(), 2 ** 53],
    [bigintType(), 2n ** 63n],
    [integerType(false), null],
    [decimalType(3, 2), '10'],
    [decimalType(3, 2), 'x'],
    [stringType(), 5],
    [dateType(), '2023-02-29'],
    [timestampType(3), 'yesterday'],
    [timestampType(3), '2024-01-01 00:00:00Z'],
    [timestampLtzType(3), '2024-01-01 00:00:00'],
    [timestampLtzType(3), 1.5],
    [timestampLtzType(3), new Date(Number.NaN)],
    [bytesType(), 'AQID'],
    [arrayType(integerType()), 'x'],
    [mapType(stringType(), integerType()), []],
    [point, [1]],
  ]
  test.each(wrong)('%o refuses %o', (type, value) => {
    expect(() => fromJsValue(value, type, "column 'c'")).toThrow(/^column 'c'.* is no value of /)
  })

  test('the message names the nested place', () => {
    expect(() => fromJsValue([{ x: 'a' }], arrayType(point), 'points')).toThrow(
      'points[0].x: "a" is no value of INT',
    )
  })
})

test('rows of a batch by name', () => {
  const batch = new BatchBuilder([integerType(), stringType()], 2)
  const row = batch.addRow()
  writePlain(batch.columns[0]!, row, 1)
  writePlain(batch.columns[1]!, row, null)
  const fields = [
    { name: 'id', type: integerType() },
    { name: 'name', type: stringType() },
  ]
  expect(rowToJs(batch, row, fields)).toEqual({ id: 1, name: null })
})
