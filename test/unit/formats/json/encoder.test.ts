import { describe, expect, test } from 'vitest'
import { JsonEncoder } from '../../../../src/formats/json/encoder.ts'
import {
  arrayType,
  BatchBuilder,
  ByteSink,
  bigintType,
  booleanType,
  bytesType,
  dateType,
  dayTimeType,
  decimalType,
  doubleType,
  floatType,
  integerType,
  type LogicalType,
  mapType,
  multisetType,
  type PlainValue,
  rowType,
  stringType,
  timestampLtzType,
  timestampType,
  timeType,
  tinyintType,
  writePlain,
} from '../../../../src/types/index.ts'

type Options = Readonly<Record<string, string>>

function encodeRow(
  types: readonly LogicalType[],
  values: readonly PlainValue[],
  options: Options = {},
): string {
  const batch = new BatchBuilder(types, 1)
  const row = batch.addRow()
  for (const [c, value] of values.entries()) writePlain(batch.columns[c]!, row, value)
  const fields = types.map((type, i) => ({ name: `f${i}`, type }))
  const encoder = new JsonEncoder(
    fields,
    fields.map((_, i) => i),
    { options, timeZone: 'UTC' },
  )
  const out = new ByteSink(1)
  out.appendText('#')
  encoder.encode(batch, row, out)
  return new TextDecoder().decode(out.bytes.subarray(1, out.length))
}

const encode = (type: LogicalType, value: PlainValue, options: Options = {}): string =>
  encodeRow([type], [value], options).slice('{"f0":'.length, -1)

describe('values as Flink writes them', () => {
  const cases: readonly (readonly [LogicalType, PlainValue, string])[] = [
    [booleanType(), true, 'true'],
    [booleanType(), false, 'false'],
    [tinyintType(), -128, '-128'],
    [integerType(), 0, '0'],
    [integerType(), -2147483648, '-2147483648'],
    [integerType(), 2147483647, '2147483647'],
    [bigintType(), 9223372036854775807n, '9223372036854775807'],
    [bigintType(), -9223372036854775808n, '-9223372036854775808'],
    [bigintType(), 1735689600000n, '1735689600000'],
    [bigintType(), -4294967296n, '-4294967296'],
    [bigintType(), 9007199254740993n, '9007199254740993'],
    [doubleType(), 1, '1.0'],
    [doubleType(), -0, '-0.0'],
    [doubleType(), 0.1, '0.1'],
    [doubleType(), 0.001, '0.001'],
    [doubleType(), 0.0001, '1.0E-4'],
    [doubleType(), 9999999, '9999999.0'],
    [doubleType(), 1e7, '1.0E7'],
    [doubleType(), 123456789.5, '1.234567895E8'],
    [doubleType(), 5e-324, '5.0E-324'],
    [doubleType(), 1.7976931348623157e308, '1.7976931348623157E308'],
    [doubleType(), NaN, '"NaN"'],
    [doubleType(), -Infinity, '"-Infinity"'],
    [floatType(), Math.fround(0.1), '0.1'],
    [floatType(), Math.fround(16777216), '1.6777216E7'],
    [decimalType(10, 2), 1250n, '12.50'],
    [decimalType(10, 2), -5n, '-0.05'],
    [decimalType(18, 18), -123456789012345678n, '-0.123456789012345678'],
    [decimalType(18, 0), 999999999999999999n, '999999999999999999'],
    [decimalType(10, 8), 3n, '3E-8'],
    [decimalType(10, 8), 123n, '0.00000123'],
    [decimalType(38, 10), -12345678901234567890123456789n, '-1234567890123456789.0123456789'],
    [stringType(), 'a"\\/\b\f\n\r\t\u0001\u007f é😀', '"a\\"\\\\/\\b\\f\\n\\r\\t\\u0001\u007f é😀"'],
    [stringType(), '', '""'],
    [bytesType(), new Uint8Array([1, 2, 3, 250]), '"AQID+g=="'],
    [dateType(), 19782, '"2024-02-29"'],
    [dateType(), -719528, '"0000-01-01"'],
    [timeType(3), 45296780, '"12:34:56.78"'],
    [timeType(0), 0, '"00:00:00"'],
    [timestampType(3), 1577836800123, '"2020-01-01 00:00:00.123"'],
    [timestampType(3), -1, '"1969-12-31 23:59:59.999"'],
    [timestampType(3), 1577836800000, '"2020-01-01 00:00:00"'],
    [timestampType(6), -1n, '"1969-12-31 23:59:59.999999"'],
    [timestampType(6), 253402300799999999n, '"9999-12-31 23:59:59.999999"'],
    [timestampType(9), [-1, 999999], '"1969-12-31 23:59:59.999999999"'],
    [timestampLtzType(3), 1577836800500, '"2020-01-01 00:00:00.5Z"'],
    [dayTimeType(), 90000, '90000'],
    [arrayType(bigintType()), [1n, null, 9007199254740993n], '[1,null,9007199254740993]'],
    [mapType(stringType(), doubleType()), new Map([['a"', 1.5]]), '{"a\\"":1.5}'],
    [multisetType(stringType()), new Map([['x', 2]]), '{"x":2}'],
    [
      rowType([
        { name: 'd', type: decimalType(5, 2) },
        { name: 't', type: timestampLtzType(6) },
      ]),
      [150n, 1000n],
      '{"d":1.50,"t":"1970-01-01 00:00:00.001Z"}',
    ],
    [
      arrayType(rowType([{ name: 'b', type: bytesType() }])),
      [[new Uint8Array([0])], null],
      '[{"b":"AA=="},null]',
    ],
    [arrayType(timestampType(9)), [[1, 5]], '["1970-01-01 00:00:00.001000005"]'],
    [integerType(), null, 'null'],
    [stringType(), null, 'null'],
  ]
  test.each(cases)('%o %s', (type, value, expected) => {
    expect(encode(type, value)).toBe(expected)
  })
})

test('several fields, in table order, from any batch position', () => {
  const types = [integerType(), stringType(), bigintType()]
  const batch = new BatchBuilder(types, 2)
  const row = batch.addRow()
  for (const [c, value] of [1, 'x', 2n].entries()) writePlain(batch.columns[c]!, row, value)
  const encoder = new JsonEncoder(
    [
      { name: 'big', type: bigintType() },
      { name: 'quo"te', type: stringType() },
    ],
    [2, 1],
    { options: {}, timeZone: 'UTC' },
  )
  const out = new ByteSink()
  encoder.encode(batch, row, out)
  expect(new TextDecoder().decode(out.bytes.subarray(0, out.length))).toBe('{"big":2,"quo\\"te":"x"}')
})

describe('options', () => {
  const types = [integerType(), stringType(), rowType([{ name: 'x', type: integerType() }])]

  test('encode.ignore-null-fields', () => {
    const ignore = { 'encode.ignore-null-fields': 'true' }
    expect(encodeRow(types, [null, 'a', [null]], ignore)).toBe('{"f1":"a","f2":{}}')
    expect(encodeRow(types, [1, null, null], ignore)).toBe('{"f0":1}')
    expect(encodeRow(types, [null, null, null], ignore)).toBe('{}')
    expect(encodeRow(types, [null, null, null])).toBe('{"f0":null,"f1":null,"f2":null}')
  })

  test('encode.decimal-as-plain-number', () => {
    expect(encode(decimalType(10, 8), 3n, { 'encode.decimal-as-plain-number': 'true' })).toBe('0.00000003')
  })

  test('ISO-8601', () => {
    const iso = { 'timestamp-format.standard': 'ISO-8601' }
    expect(encode(timestampType(3), 0, iso)).toBe('"1970-01-01T00:00:00"')
    expect(encode(timestampLtzType(3), 1, iso)).toBe('"1970-01-01T00:00:00.001Z"')
  })

  test('NULL keys of maps', () => {
    const type = mapType(stringType(), integerType())
    const value = new Map<PlainValue, PlainValue>([
      [null, 1],
      ['a', 2],
    ])
    expect(() => encode(type, value)).toThrow(/NULL key/)
    expect(encode(type, value, { 'map-null-key.mode': 'DROP' })).toBe('{"a":2}')
    const literal = { 'map-null-key.mode': 'LITERAL', 'map-null-key.literal': 'none' }
    expect(encode(type, value, literal)).toBe('{"none":1,"a":2}')
  })

  test('an unknown option is refused with the nearest name', () => {
    expect(() => encode(integerType(), 1, { 'ignore-parse-error': 'true' })).toThrow(
      /no option 'ignore-parse-error'/,
    )
  })
})
