import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonDecoder } from '../../src/formats/json/decoder.ts'
import { JsonEncoder } from '../../src/formats/json/encoder.ts'
import {
  BatchBuilder,
  ByteSink,
  doubleToString,
  doubleType,
  floatType,
  type LogicalType,
  type PlainValue,
  writePlain,
} from '../../src/types/index.ts'
import { anySample, parseExact } from '../support/json-model.ts'
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

function encodeAll(
  types: readonly LogicalType[],
  rows: readonly (readonly PlainValue[])[],
  options: Readonly<Record<string, string>>,
): Uint8Array[] {
  const batch = new BatchBuilder(types, 1)
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
  return rows.map((_, row) => {
    const start = out.length
    encoder.encode(batch, row, out)
    return out.bytes.slice(start, out.length)
  })
}

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
