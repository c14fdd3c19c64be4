/**
 * Snapshots of value tables. In memory their rows name the group by its row id; in a snapshot they carry the
 * group's keys and key group, because row ids mean nothing at another parallelism.
 */
import { keyGroupOf } from '../../state/key-groups.ts'
import type { FrozenState, StateSchema } from '../../state/state-io.ts'
import type { ColumnView, FrozenTable, TableView } from '../../state/table/frozen-table.ts'
import { PAGE_MASK, PAGE_ROWS, PAGE_SHIFT } from '../../state/table/paged-column.ts'
import { numPages, rowsInPage, scanPage } from '../../state/table/scan-table.ts'
import { type Batch, createColumns, Int32Column } from '../../types/index.ts'

export interface FrozenGroups {
  readonly table: FrozenTable
  /** Each with a freeze of the group table of its own, so that states may be released in any order. */
  readonly valueTables: readonly { readonly values: FrozenTable; readonly groups: FrozenTable }[]
}

export interface ValuePart {
  /** Values of the columns before the keys, which have storage f64. */
  readonly prefix: readonly number[]
  readonly groups: FrozenGroups
  /** Of sliced groups: columns before the values, and the hash of a group's key. */
  readonly sliced?: {
    readonly keyColumns: (view: TableView) => readonly ColumnView[]
    readonly keyHash: (view: TableView, id: number) => number
  }
}

export function freezeValueTables(
  schema: StateSchema,
  t: number,
  parts: readonly ValuePart[],
  maxParallelism: number,
): FrozenState {
  return {
    schema,
    *batches() {
      for (const part of parts) {
        for (let page = 0; page < numPages(part.groups.valueTables[t]!.values); page++) {
          const batch = valueBatch(schema, part, t, page, maxParallelism)
          if (batch.length > 0) yield batch
        }
      }
    },
    release() {
      for (const part of parts) {
        part.groups.valueTables[t]!.values.release()
        part.groups.valueTables[t]!.groups.release()
      }
    },
  }
}

function valueBatch(
  schema: StateSchema,
  part: ValuePart,
  t: number,
  page: number,
  maxParallelism: number,
): Batch {
  const { values, groups: table } = part.groups.valueTables[t]!
  const columns = createColumns(
    schema.columns.map(column => column.type),
    rowsInPage(values, page),
  )
  const ids = new Int32Array(PAGE_ROWS)
  const firstKey = 1 + part.prefix.length
  const keys = part.sliced?.keyColumns(table) ?? table.keys
  const firstValue = firstKey + keys.length
  const groupIds = new Int32Column(PAGE_ROWS)
  const sources = [...values.keys, ...values.values.slice(0, -2)]
  const length = scanPage(values, page, sources, [groupIds, ...columns.slice(firstValue)], ids)
  const keyGroups = columns[0] as Int32Column
  for (let row = 0; row < length; row++) {
    const group = groupIds.values[row]!
    const hash = part.sliced?.keyHash(table, group) ?? table.hashOf(group)
    keyGroups.values[row] = keyGroupOf(hash, maxParallelism)
    for (let k = 0; k < keys.length; k++) {
      keys[k]!.read(group >>> PAGE_SHIFT, group & PAGE_MASK, columns[firstKey + k]!, row)
    }
  }
  part.prefix.forEach((value, c) => {
    const column = columns[1 + c]!
    if (column.storage === 'f64') column.values.fill(value, 0, length)
  })
  return { length, columns, kinds: null }
}
