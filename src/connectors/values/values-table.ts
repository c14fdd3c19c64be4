/**
 * Rows of `values` tables, kept in this process under their `data-id`. The library and tests put rows in and take
 * changes out; the connector only reads and appends.
 */
import { validationError } from '../../errors/index.ts'
import type { RowKind } from '../../types/index.ts'
import type { JsChange, JsRowInput } from '../shared/rows-to-batch.ts'

/** One step of a split: a row (with its kind), or a watermark in epoch ms that comes after the rows before it. */
export type ValuesElement =
  | { readonly kind?: RowKind; readonly row: JsRowInput }
  | { readonly watermark: number }

export class ValuesTable {
  /** What a source reads: one list a split. Elements are only ever added. */
  readonly splits: ValuesElement[][]
  /** What a sink wrote, in order; rows written again after a restart from a checkpoint appear again. */
  readonly changes: JsChange[] = []
  #ended = false
  readonly #listeners = new Set<() => void>()

  constructor(splits: readonly (readonly ValuesElement[])[] = [[]]) {
    this.splits = splits.map(split => [...split])
  }

  /** Adds to the end of a split; running unbounded sources see it at once. */
  push(split: number, ...elements: readonly ValuesElement[]): void {
    this.splits[split]!.push(...elements)
    this.#notify()
  }

  /** No more elements will come: unbounded sources finish. */
  end(): void {
    this.#ended = true
    this.#notify()
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Called when elements were added or the table ended. Returns the function that stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  addChange(change: JsChange): void {
    this.changes.push(change)
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}

const tables = new Map<string, ValuesTable>()

/** Makes `table` known as `data-id` = `id`, replacing what was there. */
export function registerValues(id: string, table: ValuesTable): ValuesTable {
  tables.set(id, table)
  return table
}

/** Plain rows as inserts of one split. */
export const insertsOf = (rows: readonly JsRowInput[]): ValuesElement[] => rows.map(row => ({ row }))

/** Inserts with a watermark (epoch ms) behind every row: lateness then does not depend on batch borders. */
export const insertsWithWatermarks = <Row extends JsRowInput>(
  rows: readonly Row[],
  watermarkAfter: (row: Row) => number,
): ValuesElement[] => rows.flatMap(row => [{ row }, { watermark: watermarkAfter(row) }])

export function removeValues(id: string): void {
  tables.delete(id)
}

/** Throws ValidationError MR_VALUES_UNKNOWN_ID. */
export function valuesTable(id: string): ValuesTable {
  const table = tables.get(id)
  if (table !== undefined) return table
  throw validationError('MR_VALUES_UNKNOWN_ID', `no rows are registered under data-id '${id}'`, {
    expected: [...tables.keys()],
    hint: 'Call registerValues(id, table) in this process before the job starts.',
  })
}
