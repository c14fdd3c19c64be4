/**
 * Frozen keyed tables as a state that snapshots read: key group, prefix columns (the same value in all rows of
 * one table, such as a slice end), keys, values.
 */
import {
  type Batch,
  type Column,
  createColumns,
  type Int32Column,
  type LogicalType,
} from '../../types/index.ts'
import { keyGroupOf } from '../key-groups.ts'
import { type FrozenState, KEY_GROUP_COLUMN, type StateSchema } from '../state-io.ts'
import type { FrozenTable } from './keyed-table.ts'
import { PAGE_MASK, PAGE_ROWS, PAGE_SHIFT, type PagedColumn } from './paged-column.ts'
import { numPages, scanPage } from './scan-table.ts'

export interface StateColumnSpec {
  readonly name: string
  readonly type: LogicalType
}

export function keyedSchema(name: string, version: number, columns: readonly StateColumnSpec[]): StateSchema {
  return {
    name,
    version,
    columns: [{ name: KEY_GROUP_COLUMN, type: { kind: 'INTEGER', nullable: false } }, ...columns],
    keyed: true,
  }
}

export interface FrozenPart {
  /** Values of the prefix columns, which have storage f64. */
  readonly prefix: readonly number[]
  readonly table: FrozenTable
  /** Columns after the prefix, in the order of the schema. */
  readonly columns: readonly PagedColumn[]
}

/** `parts` are released together. */
export function freezeTables(
  schema: StateSchema,
  parts: readonly FrozenPart[],
  maxParallelism: number,
): FrozenState {
  return {
    schema,
    *batches() {
      for (const part of parts) {
        for (let page = 0; page < numPages(part.table); page++) {
          const batch = pageBatch(schema, part, page, maxParallelism)
          if (batch.length > 0) yield batch
        }
      }
    },
    release() {
      for (const part of parts) part.table.release()
    },
  }
}

function pageBatch(schema: StateSchema, part: FrozenPart, page: number, maxParallelism: number): Batch {
  const ids = new Int32Array(PAGE_ROWS)
  const columns: Column[] = createColumns(
    schema.columns.map(column => column.type),
    part.table.live[page]!.length,
  )
  const firstTableColumn = 1 + part.prefix.length
  const length = scanPage(part.table, page, part.columns, columns.slice(firstTableColumn), ids)
  const groups = columns[0] as Int32Column
  for (let row = 0; row < length; row++) {
    const hash = part.table.hashes[ids[row]! >>> PAGE_SHIFT]![ids[row]! & PAGE_MASK]!
    groups.values[row] = keyGroupOf(hash, maxParallelism)
  }
  part.prefix.forEach((value, c) => {
    const column = columns[1 + c]!
    if (column.storage === 'f64') column.values.fill(value, 0, length)
  })
  return { length, columns, kinds: null }
}
