/** Which columns make the key and which the value of a record. */
import type { PhysicalColumn } from '../../../catalog/index.ts'
import { nearestName } from '../../../errors/index.ts'
import type { FormatField } from '../../../formats/format.ts'
import type { TableDefinition } from '../../contract/index.ts'
import { type KafkaTable, problem } from './table-options.ts'

export interface RecordField extends FormatField {
  /** The column's name in the table; `name` is what the format sees. */
  readonly column: string
}

export interface RecordFields {
  readonly key: readonly RecordField[]
  readonly value: readonly RecordField[]
}

export function recordFields(definition: TableDefinition, table: KafkaTable): RecordFields {
  const physical = definition.schema.columns.filter(
    (column): column is PhysicalColumn => column.kind === 'physical',
  )
  const names = table.upsert ? primaryKey(definition) : keyFields(table)
  const prefix = table.values.string('key.fields-prefix')
  const exceptKey = table.values.string('value.fields-include') === 'EXCEPT_KEY'
  if (prefix !== '' && !exceptKey) {
    throw problem(
      table,
      "has 'key.fields-prefix', but its value holds the key columns too",
      "Set 'value.fields-include' = 'EXCEPT_KEY'.",
    )
  }
  const key = names.map(name => {
    const column = physical.find(c => c.name === name)
    if (column === undefined) {
      const near = nearestName(
        name,
        physical.map(c => c.name),
      )
      throw problem(
        table,
        `has no physical column '${name}' for 'key.fields'`,
        near === undefined ? undefined : `Did you mean '${near}'?`,
      )
    }
    if (!name.startsWith(prefix))
      throw problem(
        table,
        `has the key column '${name}', which does not start with 'key.fields-prefix' = '${prefix}'`,
        undefined,
      )
    return { name: name.slice(prefix.length), column: name, type: column.type }
  })
  const value = physical
    .filter(({ name }) => !(exceptKey && names.includes(name)))
    .map(({ name, type }) => ({ name, column: name, type }))
  return { key, value }
}

function primaryKey(definition: TableDefinition): readonly string[] {
  const columns = definition.schema.primaryKey?.columns
  if (columns !== undefined && columns.length > 0) return columns
  throw problem(
    definition,
    'needs a PRIMARY KEY: upsert-kafka uses it as the key of its records',
    'Add PRIMARY KEY (…) NOT ENFORCED.',
  )
}

function keyFields(table: KafkaTable): readonly string[] {
  const names = table.values.has('key.fields') ? table.values.list('key.fields') : []
  if (table.key !== null && names.length === 0)
    throw problem(
      table,
      "has 'key.format' but not 'key.fields'",
      "Name the key's columns, for example 'key.fields' = 'id'.",
    )
  if (table.key === null && names.length > 0)
    throw problem(table, "has 'key.fields' but not 'key.format'", "For example 'key.format' = 'json'.")
  return names
}
