/** Finds the rows of a keyed table for the rows of batches: reader, hash and probe kernels and scratch in one. */
import { BATCH_ROWS, type Batch, type LogicalType } from '../../types/index.ts'
import type { KeyedTable } from '../table/keyed-table.ts'
import { KeyReader } from './key-hash.ts'
import { type ProbeKernel, probeKernel } from './probe-kernel.ts'

export class RowFinder {
  readonly #reader: KeyReader
  readonly #probe: ProbeKernel
  /** Key hash of each row of the last batch. */
  hashes = new Int32Array(BATCH_ROWS)
  /** Row id of each selected row; -1 = none. */
  ids = new Int32Array(BATCH_ROWS)

  /** `keys` are positions in batches of these types. */
  constructor(types: readonly LogicalType[], keys: readonly number[]) {
    this.#reader = new KeyReader(types, keys)
    this.#probe = probeKernel(this.#reader.storages)
  }

  hash(batch: Batch): Int32Array {
    if (this.hashes.length < batch.length) this.hashes = new Int32Array(batch.length)
    this.#reader.hash(batch, this.hashes)
    return this.hashes
  }

  /** Row ids of `rows[0, count)` of a batch hashed before; missing keys are inserted or, without `insert`, -1. */
  probe(table: KeyedTable, batch: Batch, rows: Int32Array, count: number, insert: boolean): Int32Array {
    if (this.ids.length < count) this.ids = new Int32Array(count)
    this.#probe(table, this.#reader.read(batch), rows, count, this.hashes, this.ids, insert)
    return this.ids
  }

  find(table: KeyedTable, batch: Batch, rows: Int32Array, count: number, insert: boolean): Int32Array {
    this.hash(batch)
    return this.probe(table, batch, rows, count, insert)
  }
}
