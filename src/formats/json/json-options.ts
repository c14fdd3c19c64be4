/** The options of the `json` format, parsed. */

import type { OptionSpec } from '../../catalog/index.ts'
import { parseOptions } from '../../catalog/index.ts'
import { configError } from '../../errors/index.ts'
import type { FormatContext } from '../format.ts'

export const jsonOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'fail-on-missing-field',
    type: 'boolean',
    default: 'false',
    doc: 'Fail when a field of the table is missing in a record; otherwise it is NULL.',
  },
  {
    key: 'ignore-parse-errors',
    type: 'boolean',
    default: 'false',
    doc: 'NULL for a field that cannot be converted, skip a record that is not well formed; both are counted.',
  },
  {
    key: 'timestamp-format.standard',
    type: 'enum',
    values: ['SQL', 'ISO-8601'],
    default: 'SQL',
    doc: '`SQL`: 2020-12-30 12:13:14.123 (Z appended for TIMESTAMP_LTZ); `ISO-8601`: 2020-12-30T12:13:14.123.',
  },
  {
    key: 'zero-timestamp.behavior',
    type: 'enum',
    values: ['FAIL', 'CONVERT_TO_NULL'],
    default: 'FAIL',
    doc: 'What a timestamp 0000-00-00 00:00:00 becomes: an error, or NULL.',
  },
  {
    key: 'map-null-key.mode',
    type: 'enum',
    values: ['FAIL', 'DROP', 'LITERAL'],
    default: 'FAIL',
    doc: 'What to write for a NULL key of a MAP: fail, leave the entry out, or use `map-null-key.literal`.',
  },
  {
    key: 'map-null-key.literal',
    type: 'string',
    default: 'null',
    doc: 'The key written for a NULL key with `map-null-key.mode` = LITERAL.',
  },
  {
    key: 'encode.decimal-as-plain-number',
    type: 'boolean',
    default: 'false',
    doc: 'Write decimals always without an exponent.',
  },
  {
    key: 'encode.ignore-null-fields',
    type: 'boolean',
    default: 'false',
    doc: 'Leave NULL fields out of the written record.',
  },
  {
    key: 'decode.json-parser.enabled',
    type: 'boolean',
    default: 'true',
    doc: 'Accepted for compatibility with Flink; there is one decoder, so it changes nothing.',
  },
  {
    key: 'strict',
    type: 'boolean',
    default: 'false',
    doc: 'Extension: check the types of all fields of the table, also of those the query does not read.',
  },
]

export interface JsonOptions {
  readonly failOnMissingField: boolean
  readonly ignoreParseErrors: boolean
  readonly isoTimestamps: boolean
  readonly zeroTimestampIsNull: boolean
  readonly strict: boolean
  readonly mapNullKeyMode: 'FAIL' | 'DROP' | 'LITERAL'
  readonly mapNullKeyLiteral: string
  readonly plainDecimals: boolean
  readonly ignoreNullFields: boolean
}

/** Throws a config error that names the option. */
export function parseJsonOptions(context: FormatContext): JsonOptions {
  const values = parseOptions(context.options, jsonOptionSpecs, 'json format')
  const options: JsonOptions = {
    failOnMissingField: values.boolean('fail-on-missing-field'),
    ignoreParseErrors: values.boolean('ignore-parse-errors'),
    isoTimestamps: values.string('timestamp-format.standard') === 'ISO-8601',
    zeroTimestampIsNull: values.string('zero-timestamp.behavior') === 'CONVERT_TO_NULL',
    strict: values.boolean('strict'),
    mapNullKeyMode: values.string('map-null-key.mode') as JsonOptions['mapNullKeyMode'],
    mapNullKeyLiteral: values.string('map-null-key.literal'),
    plainDecimals: values.boolean('encode.decimal-as-plain-number'),
    ignoreNullFields: values.boolean('encode.ignore-null-fields'),
  }
  if (options.failOnMissingField && options.ignoreParseErrors) {
    throw configError(
      'MR_CONFIG_OPTIONS_CONFLICT',
      "'fail-on-missing-field' and 'ignore-parse-errors' of the json format cannot both be true",
      { hint: 'Set one of them to false.' },
    )
  }
  return options
}
