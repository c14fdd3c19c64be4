import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvFormat } from '../../src/formats/csv/index.ts'
import { BatchBuilder, ByteSink, type LogicalType, stringType, writePlain } from '../../src/types/index.ts'
import { scalarSamples } from '../support/json-model.ts'
import { decodeAll } from '../support/payloads.ts'

const options = fc.constantFrom<Record<string, string>>(
  {},
  { 'field-delimiter': '\\t' },
  { 'field-delimiter': '|', 'quote-character': "'" },
  { 'escape-character': '\\' },
  { 'null-literal': '∅' },
)

const column = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: stringType(), value: fc.string({ unit: 'binary' }) }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...scalarSamples(false)).map(({ type, sample }) => ({
      type,
      value: sample.map(({ value }) => value),
    })),
  },
)

const scene = fc.array(column, { minLength: 2, maxLength: 6 }).chain(columns =>
  fc.record({
    options,
    types: fc.constant(columns.map(({ type }) => type as LogicalType)),
    rows: fc.array(fc.tuple(...columns.map(({ value }) => value)), { minLength: 1, maxLength: 6 }),
  }),
)

test('what is encoded decodes to the same values, whatever characters strings hold', () => {
  fc.assert(
    fc.property(scene, ({ options, types, rows }) => {
      const fields = types.map((type, i) => ({ name: `f${i}`, type }))
      const positions = fields.map((_, i) => i)
      const batch = new BatchBuilder(types, 1)
      for (const values of rows) {
        const row = batch.addRow()
        for (const [c, value] of values.entries()) writePlain(batch.columns[c]!, row, value)
      }
      const context = { options, timeZone: 'UTC' }
      const encoder = csvFormat.createEncoder(fields, positions, context)
      const payloads = rows.map((_, row) => {
        const out = new ByteSink(1)
        encoder.encode(batch, row, out)
        return out.bytes.slice(0, out.length)
      })
      const decoder = csvFormat.createDecoder({ fields, wanted: positions }, context)
      expect(decodeAll(decoder, fields, payloads).map(row => row.values)).toStrictEqual(rows)
    }),
    { numRuns: 400 },
  )
})

test('any bytes are an answer or an error of the format', () => {
  const fields = [{ name: 'a', type: stringType() }]
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 4 }), options, (payloads, some) => {
      const context = { options: { ...some, 'ignore-parse-errors': 'true' }, timeZone: 'UTC' }
      const decoder = csvFormat.createDecoder({ fields, wanted: [0] }, context)
      const rows = decodeAll(decoder, fields, [...payloads, 'x'])
      expect(rows.at(-1)!.values).toEqual(['x'])
      expect(rows.length + decoder.numSkippedErrors + decoder.numSkippedNulls).toBe(payloads.length + 1)
    }),
  )
})
