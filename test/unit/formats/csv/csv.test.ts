import { describe, expect, test } from 'vitest'
import { csvFormat } from '../../../../src/formats/csv/index.ts'
import { DecodeError } from '../../../../src/formats/format.ts'
import {
  arrayType,
  BatchBuilder,
  ByteSink,
  bigintType,
  booleanType,
  bytesType,
  dateType,
  decimalType,
  doubleType,
  integerType,
  type LogicalType,
  mapType,
  type PlainValue,
  rowType,
  stringType,
  timestampLtzType,
  timestampType,
  timeType,
  writePlain,
} from '../../../../src/types/index.ts'
import { decodeAll } from '../../../support/payloads.ts'

type Options = Readonly<Record<string, string>>
const context = (options: Options) => ({ options, timeZone: 'UTC' })
const named = (types: readonly LogicalType[]) => types.map((type, i) => ({ name: `f${i}`, type }))

function decodeRows(
  types: readonly LogicalType[],
  payloads: readonly (string | Uint8Array | null)[],
  options: Options = {},
) {
  const fields = named(types)
  const decoder = csvFormat.createDecoder({ fields, wanted: fields.map((_, i) => i) }, context(options))
  return { decoder, rows: decodeAll(decoder, fields, payloads).map(row => row.values) }
}
const decodeRow = (types: readonly LogicalType[], payload: string | Uint8Array, options: Options = {}) =>
  decodeRows(types, [payload], options).rows[0]

function failure(types: readonly LogicalType[], payload: string | Uint8Array, options: Options = {}): string {
  try {
    decodeRows(types, [payload], options)
  } catch (thrown) {
    if (thrown instanceof DecodeError) return thrown.failure.message
    throw thrown
  }
  return 'decoded'
}

function encodeRow(
  types: readonly LogicalType[],
  values: readonly PlainValue[],
  options: Options = {},
): string {
  const batch = new BatchBuilder(types, 1)
  const row = batch.addRow()
  for (const [c, value] of values.entries()) writePlain(batch.columns[c]!, row, value)
  const encoder = csvFormat.createEncoder(
    named(types),
    types.map((_, i) => i),
    context(options),
  )
  const out = new ByteSink(1)
  encoder.encode(batch, row, out)
  return new TextDecoder().decode(out.bytes.subarray(0, out.length))
}

describe('decode', () => {
  test('every type', () => {
    const types = [
      integerType(),
      bigintType(),
      doubleType(),
      decimalType(10, 2),
      booleanType(),
      stringType(),
      bytesType(),
      dateType(),
      timeType(3),
      timestampType(3),
      timestampLtzType(3),
      arrayType(integerType()),
      rowType([
        { name: 'a', type: integerType() },
        { name: 'b', type: stringType() },
      ]),
    ]
    const line =
      ' 12,9007199254740993,1.5e3,12.345,TRUE, ä b ,AQID,2024-02-29,12:34:56.5,"2020-01-01 00:00:00.123",2020-01-01 00:00:00Z,1;2,7;x'
    expect(decodeRow(types, line)).toEqual([
      12,
      9007199254740993n,
      1500,
      1235n,
      true,
      ' ä b ',
      new Uint8Array([1, 2, 3]),
      19782,
      45296500,
      1577836800123,
      1577836800000,
      [1, 2],
      [7, 'x'],
    ])
  })

  const strings = [stringType(), stringType(), stringType()]
  const cases: readonly (readonly [string, string, Options, readonly PlainValue[]])[] = [
    [
      'quotes, doubled quotes, delimiters and line ends inside',
      '"a,b","say ""hi""","x\ny"',
      {},
      ['a,b', 'say "hi"', 'x\ny'],
    ],
    ['empty fields', ',"",', {}, ['', '', '']],
    ['a line end behind', 'a,b,c\r\n', {}, ['a', 'b', 'c']],
    ['a trailing comma', 'a,b,c,', {}, ['a', 'b', 'c']],
    ['tab as an escape', 'a\tb\tc', { 'field-delimiter': '\\t' }, ['a', 'b', 'c']],
    [
      'control character as a Unicode escape',
      'a\u0001b\u0001c',
      { 'field-delimiter': '\\u0001' },
      ['a', 'b', 'c'],
    ],
    ['delimiter of several bytes', 'a§b§c', { 'field-delimiter': '§' }, ['a', 'b', 'c']],
    ['another quote', "'a,b',\"x,c", { 'quote-character': "'" }, ['a,b', '"x', 'c']],
    ['no quotes', '"a,b",c', { 'disable-quote-character': 'true' }, ['"a', 'b"', 'c']],
    ['escape character', 'a\\,b,"x\\"y",z\\\\', { 'escape-character': '\\' }, ['a,b', 'x"y', 'z\\']],
    ['null literal', 'n/a,"n/a",', { 'null-literal': 'n/a' }, [null, null, '']],
    ['empty string as null', ',"",x', { 'empty-string-as-null': 'true' }, [null, '', 'x']],
    ['trim spaces', '  a , "b" , c d  ', { 'trim-spaces': 'true' }, ['a', 'b', 'c d']],
    ['ignore trailing', 'a,b,c,d,e', { 'ignore-trailing-unmappable': 'true' }, ['a', 'b', 'c']],
  ]
  test.each(cases)('%s', (_name, line, options, expected) => {
    expect(decodeRow(strings, line, options)).toEqual(expected)
  })

  type Wrong = [name: string, payload: string | Uint8Array, message: string, options?: Options]
  const wrong: Wrong[] = [
    ['too few fields', 'a', '1 fields, but the table has 2 columns'],
    ['too many fields', 'a,1,2', '3 fields, but the table has 2 columns'],
    ['no trailing comma allowed', 'a,1,', '3 fields', { 'allow-trailing-comma': 'false' }],
    ['unterminated quote', '"a,1', 'a quote without its end'],
    ['text behind a quote', '"a"b,1', 'text behind a closing quote'],
    ['two lines', 'a,1\nb,2', 'more than one line'],
    ['a bad number', 'a,x', "field 'f1': cannot read 'x' as INT"],
    ['an empty number', 'a,', "field 'f1': cannot read '' as INT"],
    ['an integer that is too big', 'a,2147483648', 'cannot read'],
    ['bad UTF-8', new Uint8Array([0xff, 44, 49]), "field 'f0'"],
  ]
  test.each(wrong)('%s', (...[, payload, message, options = {}]: Wrong) => {
    expect(failure([stringType(), integerType()], payload, options)).toContain(message)
  })

  test('null and empty payloads, comments', () => {
    const { decoder, rows } = decodeRows([stringType()], [null, '', '# no', 'x'], {
      'allow-comments': 'true',
    })
    expect(rows).toEqual([['x']])
    expect(decoder.numSkippedNulls).toBe(3)
    expect(decodeRow([stringType()], '# yes')).toEqual(['# yes'])
  })

  test('ignore-parse-errors: NULL for fields, missing ones too; malformed records are skipped; both counted', () => {
    const types = [stringType(), integerType(), integerType()]
    const { decoder, rows } = decodeRows(types, ['a,x,1', 'b', '"c,1,2', 'd,1,2'], {
      'ignore-parse-errors': 'true',
    })
    expect(rows).toEqual([
      ['a', null, 1],
      ['b', null, null],
      ['d', 1, 2],
    ])
    expect([decoder.numFieldErrors, decoder.numSkippedErrors]).toEqual([3, 1])
    const strict = { 'ignore-parse-errors': 'true', 'fail-on-missing-columns': 'true' }
    expect(decodeRows(types, ['b', 'd,1,2'], strict).rows).toEqual([['d', 1, 2]])
  })

  test('only the wanted columns are read', () => {
    const fields = named([integerType(), stringType(), bigintType()])
    const decoder = csvFormat.createDecoder({ fields, wanted: [2, 1] }, context({}))
    const wanted = [fields[2]!, fields[1]!]
    expect(decodeAll(decoder, wanted, ['bad,x,5'])[0]!.values).toEqual([5n, 'x'])
  })

  test('NOT NULL', () => {
    const options = { 'null-literal': '-' }
    expect(failure([integerType(false)], '-', options)).toContain('NOT NULL')
    expect(
      decodeRows([integerType(false)], ['-', '5'], { ...options, 'ignore-parse-errors': 'true' }).rows,
    ).toEqual([[5]])
  })
})

describe('encode', () => {
  const cases: readonly (readonly [LogicalType, PlainValue, string])[] = [
    [integerType(), -5, '-5'],
    [bigintType(), 9007199254740993n, '9007199254740993'],
    [doubleType(), 1, '1.0'],
    [booleanType(), true, 'true'],
    [decimalType(10, 2), 10000000n, '1E+5'],
    [decimalType(10, 2), 1250n, '12.5'],
    [decimalType(10, 2), 0n, '0'],
    [stringType(), 'abc', 'abc'],
    [stringType(), '', ''],
    [stringType(), null, ''],
    [stringType(), 'a b', '"a b"'],
    [stringType(), 'a,b', '"a,b"'],
    [stringType(), 'a"b', '"a""b"'],
    [stringType(), 'é', 'é'],
    [stringType(), 'abcdefghijklmnopqrstuvwxyz', '"abcdefghijklmnopqrstuvwxyz"'],
    [dateType(), 19782, '2024-02-29'],
    [timestampType(3), 1577836800123, '"2020-01-01 00:00:00.123"'],
    [timestampLtzType(3), 1577836800000, '"2020-01-01 00:00:00Z"'],
    [bytesType(), new Uint8Array([1, 2, 3]), 'AQID'],
    [arrayType(integerType()), [1, null, 3], '1;;3'],
    [rowType([{ name: 'a', type: stringType() }]), ['x y'], '"x y"'],
  ]
  test.each(cases)('%o %o', (type, value, expected) => {
    expect(encodeRow([type], [value])).toBe(expected)
  })

  test('options', () => {
    const types = [stringType(), decimalType(10, 2), stringType()]
    expect(
      encodeRow(types, ['a;b', 10000000n, null], { 'field-delimiter': ';', 'null-literal': 'n/a' }),
    ).toBe('"a;b";1E+5;n/a')
    expect(encodeRow(types, ["a'b", 1n, 'x'], { 'quote-character': "'", 'escape-character': '\\' })).toBe(
      "'a\\'b',0.01,x",
    )
    expect(
      encodeRow(types, ['a', 10000000n, 'c'], { 'write-bigdecimal-in-scientific-notation': 'false' }),
    ).toBe('a,100000.00,c')
    expect(encodeRow([stringType()], ['a b'], { 'disable-quote-character': 'true' })).toBe('a b')
    expect(() => encodeRow([stringType()], ['a,b'], { 'disable-quote-character': 'true' })).toThrow(
      /without quotes/,
    )
    expect(
      encodeRow([stringType()], ['a,b'], { 'disable-quote-character': 'true', 'escape-character': '\\' }),
    ).toBe('a\\,b')
  })

  test('types it cannot hold and wrong options are refused', () => {
    const type = mapType(stringType(), integerType())
    expect(() => encodeRow([type], [null])).toThrow(/cannot hold field 'f0' of type MAP/)
    expect(() => decodeRow([type], 'x')).toThrow(/cannot hold field 'f0' of type MAP/)
    expect(() => decodeRow([stringType()], 'x', { 'field-delimiter': ',,' })).toThrow(/field-delimiter/)
    expect(() => decodeRow([stringType()], 'x', { 'quote-character': 'é' })).toThrow(/quote-character/)
    expect(() =>
      decodeRow([stringType()], 'x', { 'quote-character': "'", 'disable-quote-character': 'true' }),
    ).toThrow(/exclude/)
  })
})
