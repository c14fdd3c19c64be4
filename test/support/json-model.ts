/** A naive model of the JSON format: JSON.parse with source text, one plain conversion per type. */
import * as fc from 'fast-check'
import type { LogicalType, PlainValue } from '../../src/types/index.ts'
import {
  arrayType,
  bigintType,
  booleanType,
  bytesType,
  dateType,
  decimalType,
  doubleType,
  integerType,
  mapType,
  rowType,
  smallintType,
  stringType,
  timestampLtzType,
  timestampType,
  timeType,
  tinyintType,
} from '../../src/types/index.ts'

/** A number token as written: JSON.parse would round it. */
export class NumberToken {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text with control characters in strings escaped: Flink's JSON format takes them unescaped. */
function escapeControls(text: string): string {
  let inString = false
  let escaped = false
  return [...text]
    .map(char => {
      if (inString && char < ' ') {
        const isAfterBackslash = escaped
        escaped = false
        return isAfterBackslash ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
      }
      if (char === '"' && !escaped) inString = !inString
      escaped = inString && char === '\\' && !escaped
      return char
    })
    .join('')
}

/** Throws on anything that is not valid UTF-8 and JSON (with Flink's leniency of control characters). */
export function parseExact(bytes: Uint8Array): unknown {
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? new NumberToken(context!.source!) : value
  return JSON.parse(escapeControls(fatal.decode(bytes)), revive as (key: string, value: unknown) => unknown)
}

const pad = (value: number, width: number) => String(value).padStart(width, '0')
const day = fc.integer({ min: -719528, max: 2932896 })
const isoDay = (epochDay: number) => {
  const date = new Date(epochDay * 86400000)
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`
}
const clock = (ms: number) =>
  `${pad(Math.floor(ms / 3600000), 2)}:${pad(Math.floor(ms / 60000) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}`

/** JSON text of a value and what reading it must give. */
export interface Sample {
  readonly json: string
  readonly value: PlainValue
}

/** A JSON string literal with some characters escaped in unusual ways. */
const literal = (text: string, escapes: number): string => {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    const unusual = ((escapes >> (i % 31)) & 1) === 1
    out += unusual ? `\\u${unit.toString(16).padStart(4, '0')}` : JSON.stringify(text[i]).slice(1, -1)
  }
  return `"${out}"`
}

const wholeText = fc.string({ unit: 'grapheme', maxLength: 30 })
const stringSample = fc
  .tuple(wholeText, fc.oneof(fc.constant(0), fc.integer()))
  .map(([value, escapes]): Sample => ({ json: paired(value, escapes), value }))

/** Escaping half a surrogate pair would not be the same text. */
const paired = (text: string, escapes: number) =>
  /[\ud800-\udfff]/.test(text) ? JSON.stringify(text) : literal(text, escapes)

const integerSample = (bits: number) =>
  fc
    .tuple(fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }), fc.boolean())
    .map(([n, quoted]): Sample => ({ json: quoted ? `" ${n}"` : `${n}`, value: bits === 64 ? n : Number(n) }))

function decimalSample(precision: number, scale: number): fc.Arbitrary<Sample> {
  const limit = 10n ** BigInt(precision)
  return fc
    .tuple(fc.bigInt({ min: -limit + 1n, max: limit - 1n }), fc.integer({ min: -1, max: 6 }))
    .map(([unscaled, extra]) => {
      const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
      const fraction = scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`
      const tail = extra <= 0 ? '' : `${fraction === '' ? '.' : ''}${'4'.padEnd(extra, '9')}`
      const sign = unscaled < 0n ? '-' : ''
      const json = `${sign}${digits.slice(0, digits.length - scale)}${fraction}${tail}`
      return {
        json: extra === 0 ? `${sign}${digits}e-${scale}`.replace(/^(-?)0+(?=\d)/, '$1') : json,
        value: unscaled,
      }
    })
}

function timestampSample(precision: number, zoned: boolean, iso: boolean): fc.Arbitrary<Sample> {
  const parts = fc.tuple(day, fc.integer({ min: 0, max: 86399999 }), fc.integer({ min: 0, max: 999999 }))
  return fc.tuple(parts, fc.integer({ min: 0, max: 9 })).map(([[epochDay, ms, nanos], numDigits]) => {
    const kept = (pad(ms % 1000, 3) + pad(nanos, 6)).slice(0, numDigits)
    const json = `"${isoDay(epochDay)}${iso ? 'T' : ' '}${clock(ms)}${kept === '' ? '' : `.${kept}`}${zoned ? 'Z' : ''}"`
    const unitDigits = precision <= 3 ? 3 : precision <= 6 ? 6 : 9
    const fraction = kept.slice(0, precision).padEnd(unitDigits, '0')
    const seconds = BigInt(epochDay) * 86400n + BigInt(Math.floor(ms / 1000))
    const value = seconds * 10n ** BigInt(unitDigits) + BigInt(fraction)
    if (precision <= 3) return { json, value: Number(value) }
    return {
      json,
      value:
        precision <= 6
          ? value
          : [
              Number(value / 1000000n) - (value < 0n && value % 1000000n !== 0n ? 1 : 0),
              Number(((value % 1000000n) + 1000000n) % 1000000n),
            ],
    }
  })
}

/** A type and samples of it. */
export interface TypedSample {
  readonly type: LogicalType
  readonly sample: fc.Arbitrary<Sample>
}

export function scalarSamples(iso: boolean): readonly TypedSample[] {
  const double = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -1000000, max: 1000000 }).map(n => n / 100),
  )
  return [
    { type: booleanType(), sample: fc.boolean().map(value => ({ json: String(value), value })) },
    { type: tinyintType(), sample: integerSample(8) },
    { type: smallintType(), sample: integerSample(16) },
    { type: integerType(), sample: integerSample(32) },
    { type: bigintType(), sample: integerSample(64) },
    {
      type: doubleType(),
      sample: double.map(value => ({ json: Object.is(value, -0) ? '-0' : String(value), value })),
    },
    ...[5, 15, 16, 18, 30].map(precision => ({
      type: decimalType(precision, 3),
      sample: decimalSample(precision, 3),
    })),
    { type: stringType(), sample: stringSample },
    {
      type: bytesType(),
      sample: fc
        .uint8Array({ maxLength: 20 })
        .map(value => ({ json: `"${Buffer.from(value).toString('base64')}"`, value: new Uint8Array(value) })),
    },
    { type: dateType(), sample: day.map(value => ({ json: `"${isoDay(value)}"`, value })) },
    {
      type: timeType(3),
      sample: fc
        .integer({ min: 0, max: 86399999 })
        .map(value => ({ json: `"${clock(value)}.${pad(value % 1000, 3)}"`, value })),
    },
    ...[0, 2, 3, 5, 6, 7, 9].flatMap(precision => [
      { type: timestampType(precision), sample: timestampSample(precision, false, iso) },
      { type: timestampLtzType(precision), sample: timestampSample(precision, true, iso) },
    ]),
  ]
}

const nullable = ({ type, sample }: TypedSample): TypedSample => ({
  type,
  sample: fc.oneof(
    { weight: 5, arbitrary: sample },
    { weight: 1, arbitrary: fc.constant({ json: 'null', value: null }) },
  ),
})

const arrayOf = ({ type, sample }: TypedSample): TypedSample => ({
  type: arrayType(type),
  sample: fc.array(sample, { maxLength: 3 }).map(items => ({
    json: `[${items.map(item => ` ${item.json}\t`).join(',')}]`,
    value: items.map(item => item.value),
  })),
})

const mapOf = ({ type, sample }: TypedSample): TypedSample => ({
  type: mapType(stringType(), type),
  sample: fc.array(fc.tuple(wholeText, sample), { maxLength: 3 }).map(entries => ({
    json: `{${entries.map(([key, item]) => `${JSON.stringify(key)} : ${item.json}`).join(',')}}`,
    value: new Map(entries.map(([key, item]) => [key, item.value])),
  })),
})

const rowOf = (fields: readonly TypedSample[]): TypedSample => ({
  type: rowType(fields.map(({ type }, i) => ({ name: `n${i}`, type }))),
  sample: fc.tuple(...fields.map(field => field.sample)).map(items => ({
    json: `{${items.map((item, i) => `"n${i}":${item.json}`).join(', ')}}`,
    value: items.map(item => item.value),
  })),
})

/** Any type of the format, two levels of nesting. */
export function anySample(iso: boolean): fc.Arbitrary<TypedSample> {
  const scalar = fc.constantFrom(...scalarSamples(iso)).map(nullable)
  const nest = (inner: fc.Arbitrary<TypedSample>) =>
    fc
      .oneof(inner.map(arrayOf), inner.map(mapOf), fc.array(inner, { minLength: 1, maxLength: 3 }).map(rowOf))
      .map(nullable)
  const one = nest(scalar)
  return fc.oneof(
    { weight: 6, arbitrary: scalar },
    { weight: 2, arbitrary: one },
    { weight: 1, arbitrary: nest(one) },
  )
}
