/**
 * How operators write and read their state. A state is a named table: typed columns and rows. Keyed states have
 * the key group of each row in column `__key_group` (INTEGER), so that a snapshot can be restored at another
 * parallelism; list states are small and given to every subtask (each picks or merges what is its own).
 * The store writes tables to open columnar files (or inline into the manifest when small).
 */
import type { Batch, LogicalType } from '../types/index.ts'

export interface StateSchema {
  readonly name: string
  /** Raised when the meaning of the columns changes; state of another version is refused. */
  readonly version: number
  readonly columns: readonly { readonly name: string; readonly type: LogicalType }[]
  readonly keyed: boolean
}

export const KEY_GROUP_COLUMN = '__key_group'

/** Rows of one state, frozen: what `batches` gives does not change until `release` is called. */
export interface FrozenState {
  readonly schema: StateSchema
  /**
   * Called once, in the background, possibly after later calls changed the live state. Each batch is borrowed until the
   * next is asked for.
   */
  batches(): Iterable<Batch>
  release(): void
}

export interface StateWriter {
  /** At most one call per state name and snapshot. */
  write(state: FrozenState): void
  /** For single values: a small JSON document under a name. */
  writeValue(name: string, value: unknown): void
}

export interface StateReader {
  /** Rows of the state that belong to this subtask (key groups for keyed states, all rows otherwise). */
  read(schema: StateSchema): Iterable<Batch>
  /** Every subtask's value of that name at the time of the snapshot. */
  readValues(name: string): readonly unknown[]
}
