import { type ChangelogMode, type OptionSpec, type OptionValues, parseOptions } from '../../catalog/index.ts'
import type { TableDefinition } from '../contract/index.ts'
import { connectorOption } from '../shared/option-specs.ts'

export const valuesOptionSpecs: readonly OptionSpec[] = [
  connectorOption('values'),
  {
    key: 'data-id',
    type: 'string',
    required: true,
    doc: 'Id under which the rows are registered in this process.',
  },
  {
    key: 'bounded',
    type: 'boolean',
    default: 'true',
    doc: 'true: the source ends behind the last row; false: it waits for more until the table is ended.',
  },
  {
    key: 'changelog-mode',
    type: 'enum',
    values: ['I', 'I,UA,D', 'I,UB,UA,D'],
    default: 'I',
    doc: 'Which kinds of changes the rows have.',
  },
  {
    key: 'sink.changelog-mode',
    type: 'enum',
    values: ['I', 'I,UA,D', 'I,UB,UA,D'],
    default: 'I,UB,UA,D',
    doc: 'Which kinds of changes the table takes as a sink.',
  },
  {
    key: 'rows-per-batch',
    type: 'integer',
    default: '1024',
    doc: 'Most rows of a batch; 1 lets the watermark follow every row.',
  },
]

const changelogModes: Readonly<Record<string, ChangelogMode>> = {
  I: 'insert',
  'I,UA,D': 'upsert',
  'I,UB,UA,D': 'retract',
}

export interface ValuesOptions {
  readonly dataId: string
  readonly bounded: boolean
  readonly sourceMode: ChangelogMode
  readonly sinkMode: ChangelogMode
  readonly rowsPerBatch: number
}

export function parseValuesOptions(table: TableDefinition): ValuesOptions {
  const values: OptionValues = parseOptions(table.options, valuesOptionSpecs, 'values connector')
  return {
    dataId: values.string('data-id'),
    bounded: values.boolean('bounded'),
    sourceMode: changelogModes[values.string('changelog-mode')]!,
    sinkMode: changelogModes[values.string('sink.changelog-mode')]!,
    rowsPerBatch: Math.max(1, values.integer('rows-per-batch')),
  }
}
