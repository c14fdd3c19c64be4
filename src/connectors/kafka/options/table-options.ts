/** Reads and checks the options of one table. Never touches the network or files. */
import { type OptionSpec, type OptionValues, parseOptions } from '../../../catalog/index.ts'
import { configError, nearestName, validationError } from '../../../errors/index.ts'
import type { Format } from '../../../formats/format.ts'
import { formatNames } from '../../../formats/registry.ts'
import type { TableDefinition } from '../../contract/index.ts'
import { honouredProperties, ignoredProperties, refusedProperties } from './java-properties.ts'
import { kafkaOptions, upsertKafkaOptions } from './option-specs.ts'

export type FindFormat = (name: string) => Format | undefined

/** A format as a table uses it. */
export interface FormatUse {
  readonly format: Format
  /** Its options without prefix. */
  readonly options: Readonly<Record<string, string>>
  /** What stands before its options in the table: ``, `value.` or `key.`. */
  readonly prefix: '' | 'value.' | 'key.'
}

export interface KafkaTable {
  readonly name: string
  readonly values: OptionValues
  readonly upsert: boolean
  readonly value: FormatUse
  readonly key: FormatUse | null
  /** `properties.*` that have no meaning here, for a notice. */
  readonly ignored: readonly string[]
}

export function readTable(table: TableDefinition, upsert: boolean, findFormat: FindFormat): KafkaTable {
  const owner = upsert ? 'upsert-kafka connector' : 'kafka connector'
  checkProperties(table.options)
  const specs = upsert ? upsertKafkaOptions : kafkaOptions
  const { options } = table
  const valueKey = upsert || options['value.format'] !== undefined ? 'value.format' : 'format'
  if (!upsert && options['format'] !== undefined && options['value.format'] !== undefined)
    throw problem(table, "has both 'format' and 'value.format'", 'Give one of them.')
  const value = formatUse(table, valueKey, valueKey === 'format' ? '' : 'value.', findFormat)
  if (value === null)
    throw problem(table, `needs the option '${valueKey}'`, `For example '${valueKey}' = 'json'.`)
  const key = formatUse(table, 'key.format', 'key.', findFormat)
  const values = parseOptions(options, [...specs, ...formatSpecs(value), ...formatSpecs(key)], owner)
  checkTopics(table, values)
  if (!values.has('properties.bootstrap.servers')) {
    throw configError(
      'MR_CONFIG_MISSING_OPTION',
      `the ${owner} needs the option 'properties.bootstrap.servers'`,
      {
        hint: "For example 'properties.bootstrap.servers' = 'localhost:9092'.",
      },
    )
  }
  const ignored = Object.keys(options).filter(
    option => option.startsWith('properties.') && ignoredProperties.includes(option.slice(11)),
  )
  return { name: table.name, values, upsert, value, key, ignored }
}

function formatUse(
  table: TableDefinition,
  option: string,
  prefix: FormatUse['prefix'],
  findFormat: FindFormat,
): FormatUse | null {
  const name = table.options[option]
  if (name === undefined) return null
  const format = findFormat(name)
  if (format === undefined) {
    throw configError(
      'MR_CONFIG_UNKNOWN_FORMAT',
      `table '${table.name}': option '${option}' names no known format: '${name}'`,
      { option, expected: formatNames, nearest: nearestName(name, formatNames) },
    )
  }
  const start = `${prefix}${name}.`
  const options = Object.entries(table.options)
    .filter(([key]) => key.startsWith(start))
    .map(([key, text]) => [key.slice(start.length), text] as const)
  return { format, options: Object.fromEntries(options), prefix }
}

const formatSpecs = (use: FormatUse | null): OptionSpec[] =>
  use === null
    ? []
    : use.format.options.map(spec => ({ ...spec, key: `${use.prefix}${use.format.name}.${spec.key}` }))

/** Unknown `properties.*` are typos until proven otherwise; Flink would ignore them. */
function checkProperties(options: Readonly<Record<string, string>>): void {
  const known = [...honouredProperties.map(({ key }) => key), ...ignoredProperties]
  for (const option of Object.keys(options)) {
    if (!option.startsWith('properties.')) continue
    const key = option.slice('properties.'.length)
    const refusal = refusedProperties[key]
    if (refusal !== undefined)
      throw configError('MR_KAFKA_PROPERTY_REFUSED', `the option '${option}' cannot be used`, {
        option,
        hint: refusal,
      })
    if (known.includes(key)) continue
    const nearest = nearestName(key, known)
    throw configError(
      'MR_CONFIG_UNKNOWN_OPTION',
      `'${option}' is no property of Kafka clients that Millrace knows`,
      {
        option,
        nearest: nearest === undefined ? undefined : `properties.${nearest}`,
      },
    )
  }
}

function checkTopics(table: TableDefinition, values: OptionValues): void {
  const hasTopic = values.has('topic') && values.list('topic').length > 0
  const hasPattern = values.has('topic-pattern')
  if (hasTopic && hasPattern)
    throw problem(table, "has both 'topic' and 'topic-pattern'", 'Give one of them.')
  if (!hasTopic && !hasPattern)
    throw problem(table, "needs the option 'topic' or 'topic-pattern'", "For example 'topic' = 'orders'.")
  if (!hasPattern) return
  try {
    new RegExp(values.string('topic-pattern'))
  } catch (error) {
    throw problem(table, `has a topic-pattern that is no regular expression: ${String(error)}`, undefined)
  }
}

/** A contradiction in a table's options. */
export const problem = (table: { readonly name: string }, what: string, hint: string | undefined) =>
  validationError('MR_KAFKA_OPTIONS', `table '${table.name}' ${what}`, { hint })
