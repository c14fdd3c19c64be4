/**
 * What a record means for a table, by the rules written at the head of src/formats/json and in Flink's documentation,
 * without a fast path: regular expressions and BigInt. Differences from Flink on purpose: a container is never a
 * number or a boolean; the text of a container read as STRING keeps its escapes; no hexadecimal or suffixed doubles.
 */
import type { LogicalType, PlainValue } from '../../src/types/index.ts'
import { compactText, type JsonNode, parseJsonTree } from './json-tree.ts'
import type { ReferenceField, ReferenceRecord } from './record.ts'
import {
  bytesOf,
  cutTime,
  dateOf,
  decimalOf,
  doubleOf,
  exactNumber,
  instantOf,
  roundedInteger,
  timeOf,
  timestampValue,
  trimmed,
} from './scalar-text.ts'

export interface JsonRules {
  readonly failOnMissingField: boolean
  readonly ignoreParseErrors: boolean
  readonly iso: boolean
  readonly zeroTimestampIsNull: boolean
}

/** The value cannot be converted. */
class Unreadable extends Error {}

const unreadable = (): never => {
  throw new Unreadable()
}

function scalarText(node: JsonNode): string {
  if (node.kind === 'string') return node.value
  return node.kind === 'array' || node.kind === 'object' ? unreadable() : node.text
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
