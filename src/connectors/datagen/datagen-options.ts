/** Options of `datagen`, with those of each field looked up under `fields.<name>.`. */
import { findOptionSpec, type OptionSpec, type OptionValues, parseOptions } from '../../catalog/index.ts'
import { configError, nearestName, validationError } from '../../errors/index.ts'
import type { TableDefinition } from '../contract/index.ts'
import { physicalFields } from '../shared/columns.ts'
import { connectorOption } from '../shared/option-specs.ts'

export const datagenOptionSpecs: readonly OptionSpec[] = [
  connectorOption('datagen'),
  {
    key: 'rows-per-second',
    type: 'integer',
    default: '10000',
    doc: 'Rows a second over all subtasks; also the pace of generated timestamps.',
  },
  {
    key: 'number-of-rows',
    type: 'integer',
    doc: 'Rows in all; without it (and without a sequence) the table is unbounded.',
  },
  { key: 'scan.parallelism', type: 'integer', doc: 'Parallelism of the source.' },
  {
    key: 'seed',
    type: 'integer',
    doc: 'Extension: same seed, same rows. Default: another one at each first start.',
  },
  {
    key: 'start-timestamp-millis',
    type: 'integer',
    doc: 'Extension: epoch ms that generated timestamps start from. Default: the time of the first start.',
  },
  {
    key: 'fields.#.kind',
    type: 'enum',
    values: ['random', 'sequence'],
    doc: 'How the field is generated; default random.',
  },
  { key: 'fields.#.min', type: 'string', doc: 'Least random value; default: of the type.' },
  { key: 'fields.#.max', type: 'string', doc: 'Greatest random value; default: of the type.' },
  { key: 'fields.#.max-past', type: 'duration', doc: 'How far back random timestamps may lie; default 0.' },
  {
    key: 'fields.#.length',
    type: 'integer',
    doc: 'Length of random strings and bytes (default: of the type, else 100) and of collections (default 3).',
  },
  {
    key: 'fields.#.var-len',
    type: 'boolean',
    doc: 'Random length from 1 to `length` for strings and bytes.',
  },
  { key: 'fields.#.null-rate', type: 'string', doc: 'Share of NULLs, 0 to 1; default 0.' },
  { key: 'fields.#.start', type: 'string', doc: 'First value of a sequence.' },
  {
    key: 'fields.#.end',
    type: 'string',
    doc: 'Last value of a sequence; the table ends with its shortest sequence.',
  },
]

const fieldKey = /^fields\.(.+)\.(kind|min|max|max-past|length|var-len|null-rate|start|end)$/

export interface DatagenOptions {
  readonly values: OptionValues
  readonly rowsPerSecond: number
  readonly numberOfRows: number | undefined
  readonly seed: number | undefined
  readonly startMs: number | undefined
}

/** Throws config errors; also for options of fields that do not exist. */
export function parseDatagenOptions(table: TableDefinition): DatagenOptions {
  const values = parseOptions(table.options, datagenOptionSpecs, 'datagen connector')
  const names = physicalFields(table).map(field => field.name)
  for (const key of Object.keys(table.options)) {
    const path = fieldKey.exec(key)?.[1]
    if (path === undefined) continue
    if (names.some(name => path === name || path.startsWith(`${name}.`))) continue
    throw configError(
      'MR_CONFIG_UNKNOWN_OPTION',
      `option '${key}': table '${table.name}' has no field '${path}'`,
      {
        nearest: nearestName(path, names),
        expected: names,
      },
    )
  }
  const rowsPerSecond = values.integer('rows-per-second')
  if (rowsPerSecond <= 0) throw badOption('rows-per-second', String(rowsPerSecond), 'a positive integer')
  return {
    values,
    rowsPerSecond,
    numberOfRows: values.optionalInteger('number-of-rows'),
    seed: values.optionalInteger('seed'),
    startMs: values.optionalInteger('start-timestamp-millis'),
  }
}

export const badOption = (key: string, value: string, expected: string) =>
  configError(
    'MR_CONFIG_OPTION_VALUE',
    `option '${key}' of the datagen connector has a wrong value '${value}'`,
    {
      expected: [expected],
      hint: findOptionSpec(key, datagenOptionSpecs)?.doc,
    },
  )

export const unsupportedField = (field: string, what: string) =>
  validationError('MR_DATAGEN_FIELD', `datagen cannot generate field '${field}': ${what}`)
