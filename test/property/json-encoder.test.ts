import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { JsonDecoder } from '../../src/formats/json/decoder.ts'
import { JsonEncoder } from '../../src/formats/json/encoder.ts'
import {
  BatchBuilder,
  ByteSink,
  bigintType,
  booleanType,
  type ColumnMemory,
  dateType,
  doubleToString,
  doubleType,
  floatType,
  heapMemory,
  integerType,
  type LogicalType,
  type PlainValue,
  stringType,
  timestampLtzType,
  timestampType,
  writePlain,
} from '../../src/types/index.ts'
import { anySample, parseExact } from '../support/json-model.ts'
import { memories } from '../support/memories.ts'
import { decodeAll } from '../support/payloads.ts'

/** TIME and TIMESTAMP samples may carry more digits than their text shows; values are already cut to the type. */
const scene = fc.record({ iso: fc.boolean(), ignoreNull: fc.boolean() }).chain(({ iso, ignoreNull }) =>
  fc.array(anySample(iso), { minLength: 1, maxLength: 5 }).chain(types =>
    fc.array(fc.tuple(...types.map(({ sample }) => sample)), { minLength: 1, maxLength: 8 }).map(rows => ({
      options: {
        'timestamp-format.standard': iso ? 'ISO-8601' : 'SQL',
        'encode.ignore-null-fields': String(ignoreNull),
      },
      types: types.map(({ type }) => type),
      rows: rows.map(row => row.map(sample => sample.value)),
    })),
  ),
)

let memory: ColumnMemory = heapMemory

function encodeAll(
  types: readonly LogicalType[],
  rows: readonly (readonly PlainValue[])[],
  options: Readonly<Record<string, string>>,
): Uint8Array[] {
  const batch = new BatchBuilder(types, 1, memory)
  for (const values of rows) {
    const row = batch.addRow()
    for (const [c, value] of values.entries()) writePlain(batch.columns[c]!, row, value)
  }
  const fields = types.map((type, i) => ({ name: `field ${i}`, type }))
  const encoder = new JsonEncoder(
    fields,
    fields.map((_, i) => i),
    { options, timeZone: 'UTC' },
  )
  const out = new ByteSink(1)
  const payloads = rows.map((_, row) => {
    const start = out.length
    encoder.encode(batch, row, out)
    return out.bytes.slice(start, out.length)
  })
  // The kernel, which must write the same bytes.
  const { bytes, offsets } = encoder.encodeRows(batch)!
  payloads.forEach((payload, row) => {
    expect(Buffer.from(bytes.subarray(offsets[row]!, offsets[row + 1]!)).toString()).toBe(
      Buffer.from(payload).toString(),
    )
  })
  encoder.close()
  batch.release()
  return payloads
}

describe.each(memories)('columns for %s', (_, kind) => {
  beforeAll(() => {
    memory = kind
  })

  test('the kernel prints every number, date and string as the twin does', () => {
    const any = fc.tuple(
      fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -200n, max: 200n })),
      fc.integer(),
      fc.integer({ min: -800_000, max: 50_000_000 }),
      fc.integer({ min: -62_200_000_000_000, max: 4_000_000_000_000_000 }),
      fc.bigInt({ min: -(10n ** 17n), max: 10n ** 18n }),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.stringMatching(/^[ -~\n"\\\x01]{0,40}$/)),
      fc.boolean(),
    )
    const types = [
      bigintType(),
      integerType(),
      dateType(),
      timestampLtzType(3),
      timestampType(6),
      stringType(),
      booleanType(),
    ]
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 20 }), fc.boolean(), (rows, iso) => {
        encodeAll(types, rows, { 'timestamp-format.standard': iso ? 'ISO-8601' : 'SQL' })
      }),
      { numRuns: 500 },
    )
  })

  test('output beyond the room of the kernel makes it grow', () => {
    const rows = Array.from({ length: 300 }, (_, i) => ['x"'.repeat(i * 3)])
    expect(encodeAll([stringType()], rows, {})).toHaveLength(300)
  })

  test('what is encoded is JSON, and decodes to the same values', () => {
    fc.assert(
      fc.property(scene, ({ types, rows, options }) => {
        const payloads = encodeAll(types, rows, options)
        for (const payload of payloads) expect(parseExact(payload)).toBeInstanceOf(Object)
        const fields = types.map((type, i) => ({ name: `field ${i}`, type }))
        const decoder = new JsonDecoder(
          { fields, wanted: fields.map((_, i) => i) },
          { options, timeZone: 'UTC' },
        )
        expect(decodeAll(decoder, fields, payloads).map(row => row.values)).toStrictEqual(rows)
      }),
      { numRuns: 400 },
    )
  })

  test('doubles and floats survive, and print with the fewest digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), value => {
        expect(Number(doubleToString(value))).toBe(value)
        const [payload] = encodeAll([doubleType()], [[value]], {})
        const decoder = new JsonDecoder(
          { fields: [{ name: 'field 0', type: doubleType() }], wanted: [0] },
          { options: {}, timeZone: 'UTC' },
        )
        expect(decodeAll(decoder, [{ name: 'field 0', type: doubleType() }], [payload!])[0]!.values[0]).toBe(
          value,
        )
      }),
    )
    fc.assert(
      fc.property(fc.float({ noNaN: true }), value => {
        expect(Math.fround(Number(doubleToString(value, true)))).toBe(value)
        expect(encodeAll([floatType()], [[value]], {})).toHaveLength(1)
      }),
    )
  })
})
