import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { FormatField } from '../../src/formats/format.ts'
import { JsonDecoder } from '../../src/formats/json/decoder.ts'
import { type ColumnMemory, heapMemory, integerType, stringType } from '../../src/types/index.ts'
import { anySample, parseExact, type Sample, type TypedSample } from '../support/json-model.ts'
import { memories, scantMemory } from '../support/memories.ts'
import { decodeAll as decodeInto } from '../support/payloads.ts'

let memory: ColumnMemory = heapMemory
const decodeAll = (decoder: JsonDecoder, fields: readonly FormatField[], payloads: Payloads) =>
  decodeInto(decoder, fields, payloads, memory)

type Payloads = readonly (string | Uint8Array | null)[]
const space = fc.constantFrom('', '', '', ' ', '\n', '\t ', '\r\n')
const names = [
  'id',
  'a',
  'event_time',
  'a key with spaces',
  'ключ',
  'x'.repeat(70),
  'quo"te',
  'long_key_name_01',
]

interface Scene {
  readonly iso: boolean
  readonly fields: readonly FormatField[]
  readonly wanted: readonly number[]
  readonly payloads: readonly string[]
  readonly expected: readonly (readonly unknown[])[]
}

/** One record: every field missing, present or repeated, in any order, with unknown members between. */
const record = (fields: readonly FormatField[], types: readonly TypedSample[]) =>
  fc
    .tuple(
      fc.tuple(
        ...types.map(({ sample }) => fc.array(sample, { minLength: 0, maxLength: 3, size: 'xsmall' })),
      ),
      fc.array(fc.tuple(fc.string({ maxLength: 5 }), fc.json({ maxDepth: 3 })), { maxLength: 2 }),
      fc.infiniteStream(space),
      fc.integer(),
    )
    .map(([samples, unknown, spaces, seed]) => {
      const gap = () => spaces.next().value as string
      const members: { name: string; json: string }[] = samples.flatMap((list: readonly Sample[], i) =>
        list.map(sample => ({ name: fields[i]!.name, json: sample.json })),
      )
      const others = unknown.filter(([name]) => !fields.some(field => field.name === name))
      const all = [...members, ...others.map(([name, json]) => ({ name, json }))]
      // A stable shuffle keeps the order of repeated keys: the last one written must win.
      const order = all.map((member, i) => ({
        member,
        at: Math.imul(seed + fieldAt(fields, member.name, i), 2654435761) | 0,
      }))
      order.sort((x, y) => x.at - y.at)
      const text = order.map(
        ({ member }) => `${gap()}${JSON.stringify(member.name)}${gap()}:${gap()}${member.json}${gap()}`,
      )
      return {
        payload: `${gap()}{${text.join(',') || gap()}}${gap()}`,
        values: samples.map((list: readonly Sample[]) => list.at(-1)?.value ?? null),
      }
    })

const fieldAt = (fields: readonly FormatField[], name: string, otherwise: number) => {
  const position = fields.findIndex(field => field.name === name)
  return position < 0 ? otherwise + 100 : position
}

const scene: fc.Arbitrary<Scene> = fc.boolean().chain(iso =>
  fc.array(anySample(iso), { minLength: 1, maxLength: 5 }).chain(types => {
    const fields = types.map(({ type }, i) => ({ name: names[i]!, type }))
    return fc
      .tuple(
        fc.array(record(fields, types), { minLength: 1, maxLength: 12 }),
        fc.shuffledSubarray(fields.map((_, i) => i)),
      )
      .map(([records, wanted]) => ({
        iso,
        fields,
        wanted,
        payloads: records.map(one => one.payload),
        expected: records.map(one => wanted.map(i => one.values[i])),
      }))
  }),
)

const fragments = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u00',
  'true',
  'null',
  '1',
  '-',
  '.5',
  'e9',
  ' ',
  '\n',
  '\0',
  '\u007f',
  'é',
  '😀',
]

/** JSON texts with bytes replaced, removed and inserted. */
const damaged = fc
  .tuple(
    fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.json({ maxDepth: 2 }).map(json => `{"a":${json},"b":"x\\n😀"}`),
    ),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('replace', 'remove', 'insert'),
        fc.oneof(fc.constantFrom(...fragments), fc.nat({ max: 255 })),
      ),
      {
        maxLength: 3,
      },
    ),
  )
  .map(([json, edits]) => {
    let bytes = Buffer.from(json)
    for (const [where, how, what] of edits) {
      const at = bytes.length === 0 ? 0 : where % bytes.length
      const middle =
        how === 'remove' ? Buffer.alloc(0) : typeof what === 'number' ? Buffer.of(what) : Buffer.from(what)
      bytes = Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(how === 'insert' ? at : at + 1)])
    }
    return new Uint8Array(bytes)
  })

function modelAccepts(bytes: Uint8Array): boolean {
  try {
    const value = parseExact(bytes)
    return (
      typeof value === 'object' && value !== null && !Array.isArray(value) && value.constructor === Object
    )
  } catch {
    return false
  }
}

describe.each(memories)('%s', (_, kind) => {
  beforeAll(() => {
    memory = kind
  })

  test('reads what was written, for any schema, key order, whitespace and repetition', () => {
    fc.assert(
      fc.property(scene, ({ iso, fields, wanted, payloads, expected }) => {
        const options = { 'timestamp-format.standard': iso ? 'ISO-8601' : 'SQL' }
        // Once as a loop with everything inline, once with so many columns that values get functions of their own.
        for (const numAbsent of [0, 40]) {
          const absent = Array.from({ length: numAbsent }, (_, i) => ({
            name: `absent ${i}`,
            type: integerType(),
          }))
          const all = [...fields, ...absent]
          const positions = [...wanted, ...absent.map((_, i) => fields.length + i)]
          const decoder = new JsonDecoder({ fields: all, wanted: positions }, { options, timeZone: 'UTC' })
          const rows = decodeAll(
            decoder,
            positions.map(i => all[i]!),
            payloads,
          )
          expect(rows.map(row => row.values)).toStrictEqual(
            expected.map(row => [...row, ...absent.map(() => null)]),
          )
        }
      }),
      { numRuns: 400 },
    )
  })

  test('accepts exactly the payloads that are one JSON object in valid UTF-8', () => {
    const fields = [
      { name: 'a', type: stringType() },
      { name: 'b', type: stringType() },
    ]
    const options = { 'ignore-parse-errors': 'true' }
    const decoder = new JsonDecoder({ fields, wanted: [0, 1] }, { options, timeZone: 'UTC' })
    let numAccepted = 0
    let numRefused = 0
    fc.assert(
      fc.property(damaged, bytes => {
        fc.pre(
          bytes.length > 0 &&
            !bytes.every(byte => byte === 32 || (byte >= 9 && byte <= 13 && byte !== 11 && byte !== 12)),
        )
        const accepted = decodeAll(decoder, fields, [bytes]).length === 1
        expect(accepted).toBe(modelAccepts(bytes))
        if (accepted) numAccepted++
        else numRefused++
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(numAccepted, numRefused)).toBeGreaterThan(100)
  })

  test('any bytes: an answer or a DecodeError, never another failure, and the next record is read', () => {
    const fields = [{ name: 'a', type: integerType() }]
    const options = { 'ignore-parse-errors': 'true' }
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), payloads => {
        const decoder = new JsonDecoder({ fields, wanted: [0] }, { options, timeZone: 'UTC' })
        const rows = decodeAll(decoder, fields, [...payloads, '{"a":5}'])
        expect(rows.at(-1)).toEqual({ record: payloads.length, values: [5] })
        expect(rows.length + decoder.numSkippedErrors + decoder.numSkippedNulls).toBe(payloads.length + 1)
      }),
      { numRuns: 500 },
    )
  })
})

test('columns that outgrow the arena in the middle of a batch hold the rows of the JavaScript twin', () => {
  const fields = [
    { name: 'a', type: stringType() },
    { name: 'b', type: integerType() },
    { name: 'c', type: stringType() },
  ]
  const text = fc.oneof(
    fc.string({ maxLength: 120, size: 'max' }).map(value => JSON.stringify(value)),
    fc.constantFrom(
      'null',
      '12345678901234567890',
      '"\\u00e9\\n\\t and more than sixteen bytes"',
      '"cut',
      '[1,2]',
    ),
  )
  const payload = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.tuple(text, fc.integer(), text).map(([a, b, c]) => `{"a":${a},"b":${b},"c":${c}}`),
    },
    { weight: 1, arbitrary: fc.constantFrom(null, '', '{}', '{"c":"x","a":1}', '{"a":"once","a":"twice"}') },
  )
  /** Of the columns and their null bytes: all of that stands in the arena when the kernel begins. */
  const sizeAtFirst = (rows: number) => 2 * (rows * 16 + (rows + 1) * 4) + rows * 4 + 3 * rows
  let numOutgrown = 0
  const decode = (payloads: Payloads, memoryOfColumns: ColumnMemory) => {
    const options = { 'ignore-parse-errors': 'true' }
    const decoder = new JsonDecoder({ fields, wanted: [0, 1, 2] }, { options, timeZone: 'UTC' })
    const rows = decodeInto(decoder, fields, payloads, memoryOfColumns)
    const { numSkippedErrors, numSkippedNulls, numFieldErrors } = decoder
    decoder.close()
    return { rows, numSkippedErrors, numSkippedNulls, numFieldErrors }
  }
  const batch = fc.array(payload, { minLength: 1, maxLength: 40, size: 'max' })
  fc.assert(
    fc.property(batch, fc.nat({ max: 3_000 }), (payloads, room) => {
      const scant = scantMemory(sizeAtFirst(payloads.length) + room)
      let inHeap = false
      const watched: ColumnMemory = {
        allocate(size) {
          const region = scant.allocate(size)
          inHeap ||= region.byteOffset === 0
          return region
        },
        release: view => scant.release(view),
      }
      expect(decode(payloads, watched)).toStrictEqual(decode(payloads, heapMemory))
      if (inHeap) numOutgrown++
    }),
    { numRuns: 500 },
  )
  expect(numOutgrown).toBeGreaterThan(100)
})
