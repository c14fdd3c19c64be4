/**
 * Records of hundreds of fields, and of more keys than the kernel has room for at first, against JSON.parse: fields
 * missing, null, repeated and in another order from record to record.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FormatField } from '../../src/formats/format.ts'
import { JsonDecoder } from '../../src/formats/json/decoder.ts'
import { integerType, stringType } from '../../src/types/index.ts'
import { memories } from '../support/memories.ts'
import { decodeAll } from '../support/payloads.ts'

/** Of each member: which key, and what is in it. */
const record = (numKeys: number) =>
  fc.tuple(
    fc.boolean(),
    fc.array(fc.tuple(fc.nat(numKeys - 1), fc.constantFrom('value', 'null', 'absent')), { maxLength: 8 }),
  )

const scene = fc.constantFrom(63, 64, 65, 129, 300, 1100).chain(numKeys =>
  fc.record({
    numKeys: fc.constant(numKeys),
    wanted: fc.oneof(fc.constant(1), fc.constant(3)).map(step => ({ step })),
    records: fc.array(record(numKeys), { minLength: 1, maxLength: 6 }),
  }),
)

describe.each(memories)('%s', (_, memory) => {
  test('reads records of hundreds of fields', () => {
    fc.assert(
      fc.property(scene, ({ numKeys, wanted: { step }, records }) => {
        const fields: FormatField[] = Array.from({ length: numKeys }, (_, k) => ({
          name: `field ${k} é`,
          type: k % 2 === 0 ? integerType() : stringType(),
        }))
        const payloads = records.map(([reversed, changes], r) => {
          const textOrNumber = (k: number) => (k % 2 === 0 ? r * 1000 + k : `text ${r} "${k}"`)
          const missing = new Set(changes.filter(([, what]) => what === 'absent').map(([k]) => k))
          const members = fields.flatMap(({ name }, k) =>
            missing.has(k) ? [] : [[name, textOrNumber(k)] as const],
          )
          if (reversed) members.reverse()
          for (const [k, what] of changes) {
            if (what === 'null') members.push([fields[k]!.name, null as never])
            if (what === 'value') members.push([fields[k]!.name, textOrNumber(k)])
          }
          return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`
        })
        const wanted = fields.flatMap((_, k) => (k % step === 0 ? [k] : []))
        const decoder = new JsonDecoder({ fields, wanted }, { options: {}, timeZone: 'UTC' })
        const wantedFields = wanted.map(k => fields[k]!)
        // Twice: the second time with all keys known.
        for (const _ of [1, 2]) {
          const rows = decodeAll(decoder, wantedFields, payloads, memory)
          expect(rows.map(({ values }) => values)).toEqual(
            payloads.map(payload => {
              const object = JSON.parse(payload) as Record<string, unknown>
              return wantedFields.map(({ name }) => object[name] ?? null)
            }),
          )
        }
        decoder.close()
      }),
      { numRuns: 60 },
    )
  })

  test('finds the wanted fields among keys that are ever new', () => {
    const fields: FormatField[] = [{ name: 'id', type: integerType() }]
    const decoder = new JsonDecoder({ fields, wanted: [0] }, { options: {}, timeZone: 'UTC' })
    for (let round = 0; round < 8; round++) {
      const payloads = Array.from({ length: 100 }, (_, r) => {
        const others = Array.from({ length: 20 }, (_, k) => `"key ${round}/${r}/${k}":[${k}]`)
        return `{${others.join()},"id":${r}}`
      })
      const rows = decodeAll(decoder, fields, payloads, memory)
      expect(rows.map(({ values }) => values[0])).toEqual(payloads.map((_, r) => r))
    }
    decoder.close()
  })
})
