import { beforeAll, describe, expect, test } from 'vitest'
import { DecodeError, type Decoder, type FormatField } from '../../../../src/formats/format.ts'
import { JsonDecoder } from '../../../../src/formats/json/decoder.ts'
import { jsonFormat } from '../../../../src/formats/json/index.ts'
import {
  arrayType,
  bigintType,
  booleanType,
  bytesType,
  type ColumnMemory,
  createColumns,
  dateType,
  decimalType,
  doubleType,
  floatType,
  heapMemory,
  integerType,
  type LogicalType,
  mapType,
  multisetType,
  type PlainValue,
  readPlain,
  rowType,
  smallintType,
  stringType,
  timestampLtzType,
  timestampType,
  timeType,
  tinyintType,
} from '../../../../src/types/index.ts'
import { memories } from '../../../support/memories.ts'
import { decodeAll as decodeInto, payloadRun } from '../../../support/payloads.ts'

/** Columns on the heap are written by JavaScript, columns in the arena by the WebAssembly kernel. */
let memory: ColumnMemory = heapMemory
const decodeAll = (decoder: Decoder, fields: readonly FormatField[], payloads: Payloads) =>
  decodeInto(decoder, fields, payloads, memory)

type Payloads = readonly (string | Uint8Array | null)[]
type Options = Readonly<Record<string, string>>
const context = (options: Options = {}) => ({ options, timeZone: 'UTC' })

function read(type: LogicalType, json: string, options: Options = {}): PlainValue {
  const fields = [{ name: 'v', type }]
  const decoder = new JsonDecoder({ fields, wanted: [0] }, context(options))
  return decodeAll(decoder, fields, [`{"v":${json}}`])[0]!.values[0]!
}

function failure(type: LogicalType, payload: string | Uint8Array, options: Options = {}): string {
  const fields = [{ name: 'v', type }]
  const decoder = new JsonDecoder({ fields, wanted: [0] }, context(options))
  try {
    decodeAll(decoder, fields, [payload])
  } catch (thrown) {
    if (thrown instanceof DecodeError) return thrown.failure.message
    throw thrown
  }
  return 'decoded'
}

describe.each(memories)('%s', (_, kind) => {
  beforeAll(() => {
    memory = kind
  })

  describe('scalars', () => {
    const cases: readonly (readonly [string, LogicalType, string, PlainValue])[] = [
      ['true', booleanType(), 'true', true],
      ['text TRUE', booleanType(), '" TRUE "', true],
      ['other text is false, as in Flink', booleanType(), '"yes"', false],
      ['tinyint low', tinyintType(), '-128', -128],
      ['smallint as text', smallintType(), '"32767"', 32767],
      ['int high', integerType(), '2147483647', 2147483647],
      ['int low', integerType(), '-2147483648', -2147483648],
      ['int drops a fraction, as in Flink', integerType(), '1.9', 1],
      ['int with exponent', integerType(), '12e2', 1200],
      ['int as text with a sign', integerType(), '"+12"', 12],
      ['bigint high', bigintType(), '9223372036854775807', 9223372036854775807n],
      ['bigint low', bigintType(), '-9223372036854775808', -9223372036854775808n],
      ['bigint beyond 2^53', bigintType(), '9007199254740993', 9007199254740993n],
      ['bigint as text', bigintType(), '"9007199254740993"', 9007199254740993n],
      ['bigint of 18 digits', bigintType(), '-100000000000000001', -100000000000000001n],
      ['bigint drops a fraction exactly', bigintType(), '9007199254740993.7', 9007199254740993n],
      ['double', doubleType(), '-12.25', -12.25],
      ['double minus zero', doubleType(), '-0', -0],
      ['double of 17 digits', doubleType(), '0.10000000000000001', 0.1],
      ['double exponent', doubleType(), '1e-7', 1e-7],
      ['double text', doubleType(), '"NaN"', NaN],
      ['float rounds', floatType(), '0.1', Math.fround(0.1)],
      ['decimal', decimalType(10, 2), '12.5', 1250n],
      ['decimal half up', decimalType(10, 2), '0.005', 1n],
      ['decimal half up below zero', decimalType(10, 2), '-0.005', -1n],
      ['decimal as text', decimalType(10, 2), '" 1e2 "', 10000n],
      ['decimal overflow is NULL, as in Flink', decimalType(4, 2), '100', null],
      [
        'decimal 38',
        decimalType(38, 10),
        '1234567890123456789012345678.0123456789',
        12345678901234567890123456780123456789n,
      ],
      ['decimal huge exponent', decimalType(10, 2), '1e999999999', null],
      ['decimal tiny exponent', decimalType(10, 2), '1e-999999999', 0n],
      ['string', stringType(), '"añ😀"', 'añ😀'],
      [
        'string escapes',
        stringType(),
        '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\\ud83d\\ude00"',
        '"\\/\b\f\n\r\tAé€😀',
      ],
      ['lone surrogate', stringType(), '"a\\ud800b\\udc00"', 'a�b�'],
      ['number as text keeps its digits', stringType(), '1.50e1', '1.50e1'],
      ['true as text', stringType(), 'true', 'true'],
      ['object as text', stringType(), '{ "a" : [ 1 , "x y" ] }', '{"a":[1,"x y"]}'],
      ['bytes', bytesType(), '"AQID"', new Uint8Array([1, 2, 3])],
      ['date', dateType(), '"2024-02-29"', 19782],
      ['date before 1970', dateType(), '"0000-01-01"', -719528],
      ['time', timeType(0), '"12:34:56.789"', 45296000],
      ['time with ms', timeType(3), '"12:34:56.789"', 45296789],
      ['timestamp', timestampType(3), '"2020-01-01 00:00:00.123"', 1577836800123],
      ['timestamp without fraction', timestampType(3), '"1969-12-31 23:59:59"', -1000],
      ['timestamp truncates', timestampType(0), '"1969-12-31 23:59:59.999"', -1000],
      ['timestamp µs', timestampType(6), '"2020-01-01 00:00:00.123456789"', 1577836800123456n],
      ['timestamp µs before 1970', timestampType(6), '"1969-12-31 23:59:59.999999"', -1n],
      ['timestamp µs far away', timestampType(6), '"9999-12-31 23:59:59.999999"', 253402300799999999n],
      ['timestamp ns', timestampType(9), '"9999-12-31 23:59:59.999999999"', [253402300799999, 999999]],
      ['ltz', timestampLtzType(3), '"2020-01-01 00:00:00.5Z"', 1577836800500],
      ['ltz with an offset (extension)', timestampLtzType(3), '"2020-01-01 02:00:00+02:00"', 1577836800000],
      ['null', integerType(), 'null', null],
      ['null string', stringType(), 'null', null],
      ['escaped text of a number', integerType(), '"\\u0031"', 1],
    ]
    test.each(cases)('%s', (_name, type, json, expected) => {
      expect(read(type, json)).toStrictEqual(expected)
    })

    test('ISO-8601 timestamps', () => {
      const iso = { 'timestamp-format.standard': 'ISO-8601' }
      expect(read(timestampType(3), '"2020-01-01T00:00:00.123"', iso)).toBe(1577836800123)
      expect(read(timestampType(3), '"2020-01-01T00:00"', iso)).toBe(1577836800000)
      expect(read(timestampLtzType(3), '"2020-01-01T00:00:00Z"', iso)).toBe(1577836800000)
      expect(failure(timestampType(3), '{"v":"2020-01-01 00:00:00"}', iso)).toContain(
        "expected yyyy-MM-dd'T'HH",
      )
    })

    test('zero timestamps', () => {
      const toNull = { 'zero-timestamp.behavior': 'CONVERT_TO_NULL' }
      expect(read(timestampType(3), '"0000-00-00 00:00:00"', toNull)).toBeNull()
      expect(read(timestampLtzType(3), '"0000-00-00 00:00:00.000Z"', toNull)).toBeNull()
      expect(failure(timestampType(3), '{"v":"0000-00-00 00:00:01"}', toNull)).toContain('cannot read')
      expect(failure(timestampType(3), '{"v":"0000-00-00 00:00:00"}')).toContain('cannot read')
    })

    const wrong: readonly (readonly [LogicalType, string, string])[] = [
      [integerType(), '2147483648', "field 'v': cannot read 2147483648 as INTEGER: it does not fit 32 bits"],
      [bigintType(), '9223372036854775808', 'does not fit 64 bits'],
      [bigintType(), '-9223372036854775809', 'does not fit 64 bits'],
      [bigintType(), '99999999999999999999999', 'does not fit 64 bits'],
      [tinyintType(), '1.5', 'cannot read 1.5 as TINYINT'],
      [integerType(), '"abc"', 'cannot read "abc" as INTEGER'],
      [integerType(), '""', 'cannot read'],
      [integerType(), 'true', 'cannot read true as INTEGER'],
      [integerType(), '{}', 'cannot read {} as INTEGER'],
      [doubleType(), '"1d"', 'cannot read'],
      [dateType(), '"2023-02-29"', 'expected yyyy-MM-dd'],
      [dateType(), '20230228', 'expected yyyy-MM-dd'],
      [timestampType(3), '"2020-01-01T00:00:00"', 'expected yyyy-MM-dd HH:mm:ss'],
      [timestampType(3), '"2020-01-01 24:00:00"', 'expected'],
      [timestampType(3), '"2020-01-01 00:00:00."', 'expected'],
      [timestampType(3), '"2020-01-01 00:00:00Z"', 'expected'],
      [timestampLtzType(3), '"2020-01-01 00:00:00"', "'Z'"],
      [timeType(), '"1:00:00"', 'expected HH:mm:ss'],
      [bytesType(), '"A"', 'not base64'],
      [bytesType(), '5', 'base64'],
      [integerType(false), 'null', 'NULL, but the field is NOT NULL'],
      [decimalType(2, 0, false), '100', 'overflows'],
      [arrayType(integerType()), '5', 'expected an array'],
    ]
    test.each(wrong)('%o refuses %s', (type, json, message) => {
      expect(failure(type, `{"v":${json}}`)).toContain(message)
    })
  })

  describe('nested values', () => {
    const item = rowType([
      { name: 'id', type: bigintType() },
      { name: 'tags', type: arrayType(stringType()) },
    ])

    test('rows, arrays, maps, multisets', () => {
      const json = '[ {"tags" : ["a","b"], "id" : 9007199254740993, "other":{}}, null, {"id":"1"} ]'
      expect(read(arrayType(item), json)).toEqual([[9007199254740993n, ['a', 'b']], null, [1n, null]])
      expect(read(mapType(stringType(), integerType()), '{"a":1,"b":null,"a":2}')).toEqual(
        new Map([
          ['a', 2],
          ['b', null],
        ]),
      )
      expect(read(multisetType(stringType()), '{"x":2}')).toEqual(new Map([['x', 2]]))
      expect(read(arrayType(arrayType(integerType())), '[[],[1,2]]')).toEqual([[], [1, 2]])
    })

    test('a problem names the path', () => {
      expect(failure(arrayType(item), '{"v":[{"id":1},{"id":"x"}]}')).toBe(
        'field \'v[1].id\': cannot read "x" as BIGINT',
      )
    })

    test('ignored nested errors become NULL and are counted', () => {
      const fields = [{ name: 'v', type: arrayType(item) }]
      const decoder = new JsonDecoder({ fields, wanted: [0] }, context({ 'ignore-parse-errors': 'true' }))
      const rows = decodeAll(decoder, fields, ['{"v":[{"id":"x","tags":["t"]}]}'])
      expect(rows[0]!.values[0]).toEqual([[null, ['t']]])
      expect(decoder.numFieldErrors).toBe(1)
    })

    test('keys of maps must be strings', () => {
      const fields = [{ name: 'v', type: mapType(integerType(), integerType()) }]
      expect(() => new JsonDecoder({ fields, wanted: [0] }, context())).toThrow(
        /keys of a MAP must be strings/,
      )
    })
  })

  describe('records', () => {
    const fields = [
      { name: 'a', type: integerType() },
      { name: 'b', type: stringType() },
      { name: 'c', type: bigintType(false) },
    ]
    const decode = (
      payloads: readonly (string | Uint8Array | null)[],
      options: Options = {},
      wanted = [0, 1],
    ) => {
      const decoder = new JsonDecoder({ fields, wanted }, context(options))
      const rows = decodeAll(
        decoder,
        wanted.map(i => fields[i]!),
        payloads,
      )
      return { decoder, rows }
    }
    const values = (payloads: readonly (string | Uint8Array | null)[], options: Options = {}) =>
      decode(payloads, options).rows.map(row => row.values)

    test('any order of keys, changing between records; missing fields are NULL', () => {
      const payloads = [
        '{"a":1,"b":"x"}',
        '{"b":"y","a":2}',
        ' { "z" : [1,{"a":5}] , "a" : 3 } ',
        '{"b":"w"}',
        '{}',
        '{"a":4,"z":{"b":"no"},"b":"v"}',
      ]
      expect(values(payloads)).toEqual([
        [1, 'x'],
        [2, 'y'],
        [3, null],
        [null, 'w'],
        [null, null],
        [4, 'v'],
      ])
    })

    test('keys with escapes, repeated keys', () => {
      expect(
        values(['{"\\u0061":1,"b":"x"}', '{"a":1,"a":2,"b":"p","b":null}', '{"b":null,"b":"q"}']),
      ).toEqual([
        [1, 'x'],
        [2, null],
        [null, 'q'],
      ])
    })

    test('null and empty payloads are skipped and counted; a byte order mark is not an error', () => {
      const { decoder, rows } = decode([null, '', ' \n', '\ufeff{"a":7}'])
      expect(rows).toEqual([{ record: 3, values: [7, null] }])
      expect(decoder.numSkippedNulls).toBe(3)
    })

    test('appends to columns in several calls, from part of a run, in any kind of byte array', () => {
      const payloads = ['{"a":1,"b":"é"}', '{"a":2,"b":null}', '{"a":"x"}', '{"a":3,"b":"q\\"r"}', '{"a":4}']
      const run = payloadRun(payloads)
      const shared = new Uint8Array(new SharedArrayBuffer(run.bytes.length))
      shared.set(run.bytes)
      const buffer = Buffer.concat([Buffer.from('junk'), run.bytes]).subarray(4)
      for (const bytes of [run.bytes, buffer, shared]) {
        const decoder = new JsonDecoder({ fields, wanted: [1, 0] }, context())
        const columns = createColumns([stringType(), integerType()], 1, memory)
        const records = new Int32Array(8)
        let row = 0
        for (const [from, to] of [
          [0, 2],
          [3, 4],
          [4, 5],
        ] as const) {
          for (const column of columns) column.ensureCapacity(row + to - from)
          row = decoder.decode({ ...run, bytes }, from, to, columns, records, row)
        }
        expect([...records.subarray(0, row)]).toEqual([0, 1, 3, 4])
        const read = (c: number, type: LogicalType) =>
          Array.from({ length: row }, (_, i) => readPlain(columns[c]!, i, type))
        expect(read(0, stringType())).toEqual(['é', null, 'q"r', null])
        expect(read(1, integerType())).toEqual([1, 2, 3, 4])
        expect(() => decoder.decode({ ...run, bytes }, 2, 3, columns, records, row)).toThrow(
          /cannot read "x"/,
        )
      }
    })

    test('no wanted columns: rows are counted, structure is checked', () => {
      expect(decode(['{"a":1}', '{}'], {}, []).rows.map(row => row.record)).toEqual([0, 1])
      expect(() => decode(['{"a":}'], {}, [])).toThrow(DecodeError)
    })

    test('ignore-parse-errors: NULL for a field, skip for a record, both counted', () => {
      const { decoder, rows } = decode(['{"a":"x","b":"1"}', '{"a":1', '{"a":2}'], {
        'ignore-parse-errors': 'true',
      })
      expect(rows).toEqual([
        { record: 0, values: [null, '1'] },
        { record: 2, values: [2, null] },
      ])
      expect(decoder.numFieldErrors).toBe(1)
      expect(decoder.numSkippedErrors).toBe(1)
    })

    test('ignore-parse-errors drops a record whose NOT NULL field is bad, leaving no NULL mark behind', () => {
      const ignore = { 'ignore-parse-errors': 'true' }
      const { decoder, rows } = decode(
        ['{"a":null,"b":null,"c":"x"}', '{"a":1,"b":"y","c":5}'],
        ignore,
        [0, 1, 2],
      )
      expect(rows).toEqual([{ record: 1, values: [1, 'y', 5n] }])
      expect(decoder.numSkippedErrors).toBe(1)
    })

    test('fail-on-missing-field', () => {
      const options = { 'fail-on-missing-field': 'true' }
      expect(() => decode(['{"a":1}'], options)).toThrow("field 'b': missing in the record")
      expect(values(['{"a":1,"b":null}'], options)).toEqual([[1, null]])
    })

    test('missing NOT NULL field', () => {
      expect(() => decode(['{"a":1,"b":"x"}'], {}, [2])).toThrow(/'c'.*NOT NULL/)
    })

    test('the failure names the record and the option', () => {
      try {
        decode(['{"a":1}', '{"a":[1}'])
        expect.unreachable()
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(DecodeError)
        expect((thrown as DecodeError).failure).toMatchObject({
          record: 1,
          skipOption: 'json.ignore-parse-errors',
        })
      }
    })

    test('strict checks the fields nobody reads, and reads the same', () => {
      const strict = { strict: 'true' }
      const open = (options: Options) =>
        jsonFormat.createDecoder({ fields, wanted: [1] }, context({ strict: 'true', ...options }))
      const one = [fields[1]!]
      expect(decodeAll(open({}), one, ['{"a":1,"b":"x","c":2}'])[0]!.values).toEqual(['x'])
      expect(() => decodeAll(open({}), one, ['{"a":"no","b":"x","c":2}'])).toThrow("field 'a'")
      expect(() => decodeAll(open({}), one, ['{"a":1,"b":"x"}'])).toThrow("field 'c'")
      expect(values(['{"a":"1","b":"x"}'], strict)).toEqual([[1, 'x']])
      const ignoring = open({ 'ignore-parse-errors': 'true' })
      const payloads = ['{"a":"no","b":"x","c":2}', '{"b":"y"}', '{"b":"z","c":3}']
      expect(decodeAll(ignoring, one, payloads).map(row => row.values)).toEqual([['x'], ['z']])
      expect([ignoring.numFieldErrors, ignoring.numSkippedErrors]).toEqual([1, 1])
    })

    test('options that contradict each other are refused', () => {
      expect(() => decode([], { 'ignore-parse-errors': 'true', 'fail-on-missing-field': 'true' })).toThrow(
        /both/,
      )
    })

    test('more than 31 columns, some missing', () => {
      const many = Array.from({ length: 70 }, (_, i) => ({ name: `f${i}`, type: integerType() }))
      const wanted = many.map((_, i) => i)
      const decoder = new JsonDecoder({ fields: many, wanted }, context())
      const payload = `{${many.flatMap((field, i) => (i % 9 === 0 ? [] : [`"${field.name}":${i}`])).join(',')}}`
      const [row] = decodeAll(decoder, many, [payload])
      expect(row!.values).toEqual(many.map((_, i) => (i % 9 === 0 ? null : i)))
    })
  })

  test('control characters may stand unescaped in strings, as in Flink', () => {
    const fields = [{ name: 'v', type: stringType() }]
    for (const options of [{}, { 'ignore-parse-errors': 'true' }]) {
      const decoder = new JsonDecoder({ fields, wanted: [0] }, { options, timeZone: 'UTC' })
      const payloads = ['{"v":"a\tb\nc"}', '{"v":"\0"}', '{"v":"\\u0041\t"}', '{"\t":1,"v":"x"}']
      expect(decodeAll(decoder, fields, payloads).map(row => row.values)).toEqual([
        ['a\tb\nc'],
        ['\0'],
        ['A\t'],
        ['x'],
      ])
    }
  })

  describe('hostile bytes', () => {
    const bytes = (...parts: (string | number[])[]) =>
      Uint8Array.from(
        parts.flatMap(part => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
      )
    const malformed: readonly (readonly [string, string | Uint8Array])[] = [
      ['truncated object', '{"v":"a"'],
      ['truncated string', '{"v":"a'],
      ['truncated key', '{"v'],
      ['no colon', '{"v" 1}'],
      ['trailing comma', '{"v":"a",}'],
      ['leading comma', '{,"v":"a"}'],
      ['two values', '{"v":"a"}{"v":"b"}'],
      ['garbage behind', '{"v":"a"} x'],
      ['extra bracket', '{"v":"a"}}'],
      ['wrong bracket', '{"v":"a","x":[1}}'],
      ['array at the top', '[{"v":"a"}]'],
      ['null at the top', 'null'],
      ['number at the top', '12'],
      ['bare word', '{"v":abc}'],
      ['cut literal', '{"v":tru}'],
      ['leading zero', '{"x":01}'],
      ['number without digits', '{"x":-}'],
      ['number with a bare point', '{"x":1.}'],
      ['plus sign', '{"x":+1}'],
      ['NaN', '{"x":NaN}'],
      ['single quotes', "{'v':'a'}"],
      ['comment', '{"v":"a"/**/}'],
      ['bad escape', '{"v":"\\x"}'],
      ['short unicode escape', '{"v":"\\u12"}'],
      ['escape at the end', '{"v":"\\'],
      ['NUL at a key', bytes('{"v":"a",', [0, 0, 0, 0, 0, 0], '"x":1}')],
      ['NUL behind', bytes('{"v":"a"}', [0])],
      ['overlong UTF-8', bytes('{"v":"', [0xc0, 0xaf], '"}')],
      ['surrogate in UTF-8', bytes('{"v":"', [0xed, 0xa0, 0x80], '"}')],
      ['UTF-8 beyond U+10FFFF', bytes('{"v":"', [0xf4, 0x90, 0x80, 0x80], '"}')],
      ['cut UTF-8', bytes('{"v":"', [0xe2, 0x82], '"}')],
      ['bare continuation byte', bytes('{"v":"', [0x80], '"}')],
      ['bad UTF-8 in an unread string', bytes('{"x":"abcd', [0xff], '","v":"a"}')],
      ['bad UTF-8 in a key', bytes('{"x', [0xff], '":1}')],
    ]
    test.each(malformed)('%s is malformed', (_name, payload) => {
      expect(failure(stringType(), payload)).toMatch(/malformed JSON|not a JSON object|more than one value/)
      const fields = [{ name: 'v', type: stringType() }]
      const decoder = new JsonDecoder({ fields, wanted: [0] }, context({ 'ignore-parse-errors': 'true' }))
      expect(decodeAll(decoder, fields, [payload, '{"v":"good"}'])).toEqual([{ record: 1, values: ['good'] }])
      expect(decoder.numSkippedErrors).toBe(1)
    })

    test('a hundred thousand open brackets, matched and not', () => {
      const depth = 100_000
      const deep = `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`
      expect(read(stringType(), deep)).toBe(deep)
      expect(read(integerType(), `1,"x":${deep}`)).toBe(1)
      expect(failure(integerType(), `{"x":${'['.repeat(depth)}`)).toContain('malformed')
      expect(failure(integerType(), `{"x":${'['.repeat(depth)}}`)).toContain('malformed')
    })

    test('megabytes in one string or number', () => {
      const long = 'é"x\\'.repeat(300_000)
      expect(read(stringType(), JSON.stringify(long))).toBe(long)
      const plain = 'x'.repeat(3_000_000)
      expect(read(stringType(), `"${plain}"`)).toBe(plain)
      expect(failure(bigintType(), `{"v":${'9'.repeat(1_000_000)}}`)).toContain('does not fit')
      expect(read(decimalType(10, 2), '9'.repeat(1_000_000))).toBeNull()
      expect(read(bigintType(), `"${'0'.repeat(1_000_000)}7"`)).toBe(7n)
    })

    test('many records without a closing quote are each read once', () => {
      const payloads = Array.from(
        { length: 20_000 },
        () => '{"v":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}',
      )
      const fields = [{ name: 'v', type: stringType() }]
      const decoder = new JsonDecoder({ fields, wanted: [0] }, context({ 'ignore-parse-errors': 'true' }))
      expect(decodeAll(decoder, fields, payloads)).toEqual([])
      expect(decoder.numSkippedErrors).toBe(20_000)
    })

    test('thousands of different keys', () => {
      const payloads = Array.from({ length: 3000 }, (_, i) => `{"key-${i}":${i},"v":${i},"k${i % 7}":null}`)
      const fields = [{ name: 'v', type: integerType() }]
      const decoder = new JsonDecoder({ fields, wanted: [0] }, context())
      expect(decodeAll(decoder, fields, payloads).map(row => row.values[0])).toEqual(
        payloads.map((_, i) => i),
      )
    })
  })
})
