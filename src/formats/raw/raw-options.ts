/** The options of the `raw` format, and which columns it can hold. */
import { type OptionSpec, parseOptions } from '../../catalog/index.ts'
import { configError, validationError } from '../../errors/index.ts'
import { type LogicalType, typeToString } from '../../types/index.ts'
import type { FormatContext, FormatField } from '../format.ts'

export const rawOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'charset',
    type: 'string',
    default: 'UTF-8',
    doc: 'Charset of strings, by any name the WHATWG standard knows.',
  },
  {
    key: 'endianness',
    type: 'enum',
    values: ['big-endian', 'little-endian'],
    default: 'big-endian',
    doc: 'Byte order of numbers.',
  },
]

export interface RawOptions {
  readonly littleEndian: boolean
  /** Canonical name: `utf-8`, `windows-1252`, `utf-16le` … */
  readonly charset: string
}

export function parseRawOptions(context: FormatContext): RawOptions {
  const values = parseOptions(context.options, rawOptionSpecs, 'raw format')
  const name = values.string('charset')
  try {
    const charset = new TextDecoder(name).encoding
    return { littleEndian: values.string('endianness') === 'little-endian', charset }
  } catch (cause) {
    throw configError(
      'MR_CONFIG_OPTION_VALUE',
      `option 'charset' of the raw format has a wrong value '${name}'`,
      {
        expected: ['UTF-8', 'ISO-8859-1', 'UTF-16LE', 'UTF-16BE', '…'],
        cause,
      },
    )
  }
}

/** Bytes of a fixed-width value; 0 = any length; undefined = not a type of this format. */
export function rawWidth(type: LogicalType): number | undefined {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
      return 1
    case 'SMALLINT':
      return 2
    case 'INTEGER':
    case 'FLOAT':
      return 4
    case 'BIGINT':
    case 'DOUBLE':
      return 8
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
      return 0
    default:
      return undefined
  }
}

/** The format's one field. Throws ValidationError for another number of fields or a type it cannot hold. */
export function onlyField(fields: readonly FormatField[]): FormatField {
  const [field] = fields
  if (field === undefined || fields.length !== 1) {
    throw validationError(
      'MR_FORMAT_RAW_COLUMNS',
      `the raw format needs exactly one column, not ${fields.length}`,
      {
        expected: fields.map(({ name }) => name),
      },
    )
  }
  if (rawWidth(field.type) === undefined) {
    throw validationError(
      'MR_FORMAT_TYPE',
      `the raw format cannot hold field '${field.name}' of type ${typeToString(field.type)}`,
    )
  }
  return field
}
