/**
 * What a record means for a table, by the rules written at the head of src/formats/json and in Flink's documentation,
 * without a fast path: regular expressions and BigInt. Differences from Flink on purpose: a container is never a
 * number or a boolean; the text of a container read as STRING keeps its escapes; no hexadecimal or suffixed doubles.
 */
import type { LogicalType, PlainValue } from '../../src/types/index.ts'
import { compactText, type JsonNode, parseJsonTree } from './json-tree.ts'

export interface JsonRules {
  readonly failOnMissingField: boolean
  readonly ignoreParseErrors: boolean
  readonly iso: boolean
  readonly zeroTimestampIsNull: boolean
}

export interface ReferenceField {
  readonly name: string
  readonly type: LogicalType
}

export type ReferenceRecord =
  | { readonly kind: 'row'; readonly values: readonly PlainValue[]; readonly numFieldErrors: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused' }

/** The value cannot be converted. */
class Unreadable extends Error {}

const unreadable = (): never => {
  throw new Unreadable()
}

/** Java's String.trim: everything up to the blank. */
const trimmed = (text: string): string => text.replace(/^[\0- ]+/, '').replace(/[\0- ]+$/, '')

function scalarText(node: JsonNode): string {
  if (node.kind === 'string') return node.value
  return node.kind === 'array' || node.kind === 'object' ? unreadable() : node.text
}

/** An exact number as `digits × 10^exponent`; undefined for other texts. */
function exactNumber(text: string): { readonly digits: bigint; readonly exponent: number } | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole + fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length }
}

/** Rounded to an integer, halves away from zero or, on request, towards zero; undefined when absurdly large. */
function roundedInteger(digits: bigint, exponent: number, cut: boolean): bigint | undefined {
  if (digits === 0n) return 0n
  if (exponent >= 0) return exponent > 60 ? undefined : digits * 10n ** BigInt(exponent)
  const size = digits < 0n ? -digits : digits
  if (-exponent > size.toString().length) return 0n
  const unit = 10n ** BigInt(-exponent)
  const rounded = (size + (cut ? 0n : unit / 2n)) / unit
  return digits < 0n ? -rounded : rounded
}

function integer(node: JsonNode, bits: number): bigint {
  const text = trimmed(scalarText(node))
  let value: bigint | undefined
  if (/^[+-]?\d+$/.test(text)) value = BigInt(text.replace(/^\+/, ''))
  else {
    if (node.kind !== 'number' || bits < 32) unreadable()
    const { digits, exponent } = exactNumber(text)!
    value = roundedInteger(digits, exponent, true)
  }
  return value === undefined || BigInt.asIntN(bits, value) !== value ? unreadable() : value
}

export function doubleOf(text: string): number | undefined {
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text)
  if (/^[+-]?NaN$/.test(text)) return Number.NaN
  const infinity = /^([+-]?)Infinity$/.exec(text)
  return infinity === null ? undefined : infinity[1] === '-' ? -Infinity : Infinity
}

/** null = too many digits for the type. */
export function decimalOf(text: string, precision: number, scale: number): bigint | null | undefined {
  const parts = exactNumber(text)
  if (parts === undefined) return undefined
  const unscaled = roundedInteger(parts.digits, parts.exponent + scale, false)
  const limit = 10n ** BigInt(precision)
  return unscaled === undefined || unscaled >= limit || unscaled <= -limit ? null : unscaled
}

export function bytesOf(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  const isCanonical = /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0
  return isCanonical && !/={3,}/.test(text) && (!text.includes('=') || /^[^=]{2,}={1,2}$/.test(text))
    ? new Uint8Array(bytes)
    : undefined
}

const daysOf = (year: number, month: number, day: number): number | undefined => {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 86400000 : undefined
}

export function dateOf(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return match === null ? undefined : daysOf(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** Nanoseconds of the day. */
export function timeOf(text: string, optionalSeconds: boolean): bigint | undefined {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(text)
  if (match === null || (match[3] === undefined && !optionalSeconds)) return undefined
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return BigInt((hour * 60 + minute) * 60 + second) * 1_000_000_000n + BigInt((match[4] ?? '').padEnd(9, '0'))
}

export const cutTime = (nanos: bigint, precision: number): number =>
  Number(
    floorDiv(nanos, 10n ** BigInt(9 - Math.min(3, precision))) * 10n ** BigInt(3 - Math.min(3, precision)),
  )

const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b

/** Nanoseconds since the epoch; the zone is read when `zoned`. */
export function instantOf(
  text: string,
  separator: string,
  optionalSeconds: boolean,
  zoned: boolean,
): bigint | undefined {
  const match = /^(.{10})(.)(.*?)(Z|[+-]\d\d:\d\d)?$/s.exec(text)
  if (match === null || match[2] !== separator || zoned !== (match[4] !== undefined)) return undefined
  const day = dateOf(match[1]!)
  const time = timeOf(match[3]!, optionalSeconds)
  if (day === undefined || time === undefined) return undefined
  let offset = 0
  if (match[4] !== undefined && match[4] !== 'Z') {
    const [hour, minute] = [Number(match[4].slice(1, 3)), Number(match[4].slice(4))]
    if (hour > 18 || minute > 59) return undefined
    offset = (hour * 60 + minute) * (match[4][0] === '-' ? -60 : 60)
  }
  return BigInt(day * 86400 - offset) * 1_000_000_000n + time
}

export function timestampValue(nanos: bigint, precision: number): PlainValue {
  const unit = 10n ** BigInt(9 - precision)
  const cut = floorDiv(nanos, unit) * unit
  if (precision <= 3) return Number(floorDiv(cut, 1_000_000n))
  if (precision <= 6) return floorDiv(cut, 1000n)
  const ms = floorDiv(cut, 1_000_000n)
  return [Number(ms), Number(cut - ms * 1_000_000n)]
}

class Converter {
  numErrors = 0
  readonly #rules: JsonRules

  constructor(rules: JsonRules) {
    this.#rules = rules
  }

  /** Inside arrays, maps and rows a bad value is NULL when errors are ignored and the type allows it. */
  #nested(node: JsonNode, type: LogicalType): PlainValue {
    try {
      return this.value(node, type)
    } catch (error) {
      if (!(error instanceof Unreadable) || !this.#rules.ignoreParseErrors || !type.nullable) throw error
      this.numErrors++
      return null
    }
  }

  value(node: JsonNode, type: LogicalType): PlainValue {
    const value = node.kind === 'null' ? null : this.#notNull(node, type)
    return value === null && !type.nullable ? unreadable() : value
  }

  #notNull(node: JsonNode, type: LogicalType): PlainValue {
    const known = <T>(value: T | undefined): T => (value === undefined ? unreadable() : value)
    switch (type.kind) {
      case 'BOOLEAN':
        return trimmed(scalarText(node)).toLowerCase() === 'true'
      case 'TINYINT':
        return Number(integer(node, 8))
      case 'SMALLINT':
        return Number(integer(node, 16))
      case 'INTEGER':
        return Number(integer(node, 32))
      case 'BIGINT':
        return integer(node, 64)
      case 'FLOAT':
        return Math.fround(known(doubleOf(trimmed(scalarText(node)))))
      case 'DOUBLE':
        return known(doubleOf(trimmed(scalarText(node))))
      case 'DECIMAL':
        return known(decimalOf(trimmed(scalarText(node)), type.precision, type.scale))
      case 'CHAR':
      case 'VARCHAR':
        return node.kind === 'string' ? node.value : compactText(node.text)
      case 'BINARY':
      case 'VARBINARY':
        return node.kind === 'string' ? known(bytesOf(node.value)) : unreadable()
      case 'DATE':
        return known(dateOf(scalarText(node)))
      case 'TIME':
        return cutTime(known(timeOf(scalarText(node), false)), type.precision)
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ':
        return this.#timestamp(scalarText(node), type.kind === 'TIMESTAMP_LTZ', type.precision)
      case 'ARRAY':
        if (node.kind !== 'array') return unreadable()
        return node.items.map(item => this.#nested(item, type.element))
      case 'MAP':
        return this.#map(node, type.value)
      case 'MULTISET':
        return this.#map(node, { kind: 'INTEGER', nullable: false })
      case 'ROW':
        return this.#row(node, type.fields)
      default:
        throw new Error(`the reference does not know ${type.kind}`)
    }
  }

  #timestamp(text: string, zoned: boolean, precision: number): PlainValue {
    const { iso, zeroTimestampIsNull } = this.#rules
    const nanos = instantOf(text, iso ? 'T' : ' ', iso, zoned)
    if (nanos !== undefined) return timestampValue(nanos, precision)
    if (zeroTimestampIsNull && /^0000-00-00[ T]00:00:00(\.0+)?Z?$/.test(text)) return null
    return unreadable()
  }

  #map(node: JsonNode, type: LogicalType): PlainValue {
    if (node.kind !== 'object') return unreadable()
    const entries = [...new Map(node.members)]
    return new Map(entries.map(([key, item]) => [key, this.#nested(item, type)]))
  }

  #row(node: JsonNode, fields: readonly ReferenceField[]): PlainValue {
    if (node.kind !== 'object') return unreadable()
    const members = new Map(node.members)
    return fields.map(({ name, type }) => {
      const member = members.get(name)
      if (member !== undefined) return this.#nested(member, type)
      return this.#rules.failOnMissingField || !type.nullable ? unreadable() : null
    })
  }
}

/** What decoding one payload for these columns must give. */
export function referenceRecord(
  bytes: Uint8Array,
  wanted: readonly ReferenceField[],
  rules: JsonRules,
): ReferenceRecord {
  const tree = parseJsonTree(bytes)
  if (tree === 'empty') return { kind: 'empty' }
  if (tree === 'malformed' || tree.kind !== 'object') return { kind: 'refused' }
  const members = new Map(tree.members)
  const values: PlainValue[] = []
  let numFieldErrors = 0
  for (const { name, type } of wanted) {
    const member = members.get(name)
    if (member === undefined) {
      if (rules.failOnMissingField || !type.nullable) return { kind: 'refused' }
      values.push(null)
      continue
    }
    const converter = new Converter(rules)
    try {
      values.push(converter.value(member, type))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      if (!rules.ignoreParseErrors || !type.nullable) return { kind: 'refused' }
      values.push(null)
      numFieldErrors++
    }
    numFieldErrors += converter.numErrors
  }
  return { kind: 'row', values, numFieldErrors }
}
