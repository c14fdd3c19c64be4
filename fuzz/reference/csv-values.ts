/**
 * What a CSV payload means for a table: fields by position, everything but strings trimmed, rules as in
 * src/formats/csv. Texts that are not UTF-8 are refused wherever they stand.
 */
import type { LogicalType, PlainValue } from '../../src/types/index.ts'
import { type CsvField, type CsvRules, splitCsv } from './csv-record.ts'
import type { ReferenceField, ReferenceRecord } from './record.ts'
import * as scalar from './scalar-text.ts'

export interface CsvTableRules extends CsvRules {
  readonly allowComments: boolean
  readonly ignoreParseErrors: boolean
  /** As Latin-1 text of their UTF-8 bytes. */
  readonly arrayDelimiter: string
  readonly nullLiteral: string | undefined
  readonly ignoreTrailing: boolean
  readonly allowTrailingComma: boolean
  readonly failOnMissing: boolean
  readonly emptyAsNull: boolean
}

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function utf8Of(latin1: string): string | undefined {
  try {
    return fatal.decode(Buffer.from(latin1, 'latin1'))
  } catch {
    return undefined
  }
}

function integerOf(value: string, bits: number): bigint | undefined {
  if (!/^[+-]?\d+$/.test(value)) return undefined
  const exact = BigInt(value.replace(/^\+/, ''))
  return BigInt.asIntN(bits, exact) === exact ? exact : undefined
}

const asNumber = (value: bigint | undefined) => (value === undefined ? undefined : Number(value))

/** undefined = unreadable. */
function scalarOf(latin1: string, type: LogicalType): PlainValue | undefined {
  if (type.kind === 'VARCHAR' || type.kind === 'CHAR') return utf8Of(latin1)
  const value = scalar.trimmed(latin1)
  switch (type.kind) {
    case 'BOOLEAN':
      return value.toLowerCase() === 'true'
    case 'TINYINT':
      return asNumber(integerOf(value, 8))
    case 'SMALLINT':
      return asNumber(integerOf(value, 16))
    case 'INTEGER':
      return asNumber(integerOf(value, 32))
    case 'BIGINT':
      return integerOf(value, 64)
    case 'FLOAT': {
      const double = scalar.doubleOf(value)
      return double === undefined ? undefined : Math.fround(double)
    }
    case 'DOUBLE':
      return scalar.doubleOf(value)
    case 'DECIMAL':
      return scalar.decimalOf(value, type.precision, type.scale)
    case 'BINARY':
    case 'VARBINARY':
      return scalar.bytesOf(value)
    case 'DATE':
      return scalar.dateOf(value)
    case 'TIME': {
      const nanos = scalar.timeOf(value, true)
      return nanos === undefined ? undefined : scalar.cutTime(nanos, type.precision)
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const separator = value[10] === 'T' ? 'T' : ' '
      const nanos = scalar.instantOf(value, separator, false, type.kind === 'TIMESTAMP_LTZ')
      return nanos === undefined ? undefined : scalar.timestampValue(nanos, type.precision)
    }
    default:
      throw new Error(`the reference does not know ${type.kind}`)
  }
}

/** undefined also for a NULL that the type does not allow. */
function fieldValue(latin1: string, type: LogicalType, rules: CsvTableRules): PlainValue | undefined {
  if (type.kind !== 'ARRAY' && type.kind !== 'ROW') return allowed(scalarOf(latin1, type), type)
  const parts = latin1 === '' && type.kind === 'ARRAY' ? [] : latin1.split(rules.arrayDelimiter)
  if (type.kind === 'ROW' && parts.length !== type.fields.length) return undefined
  const values = parts.map((part, i) => {
    const inner = type.kind === 'ARRAY' ? type.element : type.fields[i]!.type
    return allowed(part === rules.nullLiteral ? null : scalarOf(part, inner), inner)
  })
  return values.some(value => value === undefined) ? undefined : (values as PlainValue[])
}

const allowed = (value: PlainValue | undefined, type: LogicalType): PlainValue | undefined =>
  value === null && !type.nullable ? undefined : value

function countFits(fields: readonly CsvField[], numColumns: number, rules: CsvTableRules): boolean {
  const last = fields.at(-1)!
  const isTrailingComma = rules.allowTrailingComma && last.text === '' && !last.quoted
  const count = fields.length > numColumns && isTrailingComma ? fields.length - 1 : fields.length
  if (count === numColumns) return true
  return count > numColumns ? rules.ignoreTrailing : rules.ignoreParseErrors && !rules.failOnMissing
}

export function referenceCsv(
  bytes: Uint8Array,
  table: readonly ReferenceField[],
  wanted: readonly number[],
  rules: CsvTableRules,
): ReferenceRecord {
  const record = Buffer.from(bytes).toString('latin1').replace(/\n$/, '').replace(/\r$/, '')
  if (record === '' || (rules.allowComments && record.startsWith('#'))) return { kind: 'empty' }
  const fields = splitCsv(record, rules)
  if (fields === undefined || !countFits(fields, table.length, rules)) return { kind: 'refused' }
  const values: PlainValue[] = []
  let numFieldErrors = 0
  for (const position of wanted) {
    const { type } = table[position]!
    const field = fields[position]
    const isNull =
      field !== undefined &&
      ((rules.emptyAsNull && field.text === '' && !field.quoted) || field.text === rules.nullLiteral)
    const value = field === undefined ? undefined : isNull ? null : fieldValue(field.text, type, rules)
    if (value === undefined || (value === null && !type.nullable)) {
      if (isNull || !rules.ignoreParseErrors || !type.nullable) return { kind: 'refused' }
      numFieldErrors++
      values.push(null)
    } else values.push(value)
  }
  return { kind: 'row', values, numFieldErrors }
}
