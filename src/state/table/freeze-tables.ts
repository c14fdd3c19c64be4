/**
 * Frozen keyed tables as a state that snapshots read: key group, prefix columns (the same value in all rows of
 * one table, such as a slice end), keys, values.
 */
import {
  BATCH_ROWS,
  type Batch,
  type Column,
  createColumns,
  type Int32Column,
  type LogicalType,
} from '../../types/index.ts'
import { keyGroupOf } from '../key-groups.ts'
import { type FrozenState, KEY_GROUP_COLUMN, type StateSchema } from '../state-io.ts'
import type { ColumnView, FrozenTable, TableView } from './frozen-table.ts'
import { PAGE_ROWS } from './paged-base.ts'
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
  readonly columns: readonly ColumnView[]
  /** Hash of a row's key, where the table's own hashes are of more. */
  readonly keyHash?: (view: TableView, id: number) => number
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
      const pages = new PageBatch(schema, maxParallelism)
      for (const part of parts) {
        for (let page = 0; page < numPages(part.table); page++) {
          pages.add(part, page)
          part.table.passed(page)
          if (pages.length > BATCH_ROWS - PAGE_ROWS) yield pages.take()
        }
        if (pages.length > 0) yield pages.take()
      }
    },
    release() {
      for (const part of parts) part.table.release()
    },
  }
}

/** Rows of the pages of one part, in columns that are used again for the next batch. */
class PageBatch {
  readonly #columns: readonly Column[]
  readonly #maxParallelism: number
  readonly #ids = new Int32Array(PAGE_ROWS)
  length = 0

  constructor(schema: StateSchema, maxParallelism: number) {
    this.#columns = createColumns(
      schema.columns.map(column => column.type),
      PAGE_ROWS,
    )
    this.#maxParallelism = maxParallelism
  }

  add({ table, columns, prefix, keyHash }: FrozenPart, page: number): void {
    const first = this.length
    const ids = this.#ids
    const count = scanPage(table, page, columns, this.#columns.slice(1 + prefix.length), ids, first)
    const groups = this.#columns[0] as Int32Column
    groups.ensureCapacity(first + count)
    for (let i = 0; i < count; i++) {
      const id = ids[i]!
      const hash = keyHash === undefined ? table.hashOf(id) : keyHash(table, id)
      groups.values[first + i] = keyGroupOf(hash, this.#maxParallelism)
    }
    prefix.forEach((value, c) => {
      const column = this.#columns[1 + c]!
      column.ensureCapacity(first + count)
      if (column.storage === 'f64') column.values.fill(value, first, first + count)
    })
    this.length += count
  }

  take(): Batch {
    const { length } = this
    this.length = 0
    return { length, columns: this.#columns, kinds: null }
  }
}
