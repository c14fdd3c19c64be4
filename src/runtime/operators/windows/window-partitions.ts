/**
 * The partitions of all open windows in one table, found by key and window end: thousands of windows with a few
 * partitions each cost no tables of their own, and a batch is searched at once.
 */
import { KeyReader } from '../../../state/keys/key-hash.ts'
import { type ProbeKernel, probeKernel } from '../../../state/keys/probe-kernel.ts'
import { KeyedTable } from '../../../state/table/keyed-table.ts'
import {
  BATCH_ROWS,
  type Batch,
  Float64Column,
  type LogicalType,
  timestampType,
} from '../../../types/index.ts'
import { mixSlices } from '../../aggregates/sliced-groups.ts'

export class WindowPartitions {
  readonly #keyTypes: readonly LogicalType[]
  readonly #reader: KeyReader
  readonly #probe: ProbeKernel
  /** Window end of each row, which the caller writes. */
  readonly #ends = new Float64Column(BATCH_ROWS)
  #mixed = new Int32Array(BATCH_ROWS)
  #ids = new Int32Array(BATCH_ROWS)
  #table: KeyedTable
  /** Hashes of the partition keys of the last batch. */
  hashes = new Int32Array(BATCH_ROWS)

  /** `keys` are positions in batches of these types. */
  constructor(types: readonly LogicalType[], keys: readonly number[]) {
    this.#reader = new KeyReader(types, keys)
    this.#probe = probeKernel([...this.#reader.storages, 'f64'])
    this.#keyTypes = [...keys.map(key => types[key]!), timestampType(3, false)]
    this.#table = new KeyedTable(this.#keyTypes, [])
  }

  /** Begins a batch. Returned are the window ends, one for each row: to be written where rows are to be found. */
  begin(batch: Batch): Float64Array {
    this.#ends.ensureCapacity(batch.length)
    if (this.hashes.length < batch.length) {
      this.hashes = new Int32Array(batch.length)
      this.#mixed = new Int32Array(batch.length)
    }
    this.#reader.hash(batch, this.hashes)
    return this.#ends.values
  }

  /** Ids of the partitions of `rows[0, count)`, new ones among them; borrowed until the next call. */
  find(batch: Batch, rows: Int32Array, count: number): Int32Array {
    if (this.#ids.length < count) this.#ids = new Int32Array(count)
    this.#mixed.set(this.hashes.subarray(0, batch.length))
    mixSlices(this.#mixed, rows, count, this.#ends)
    const columns = [...this.#reader.read(batch), this.#ends]
    this.#probe(this.#table, columns, rows, count, this.#mixed, this.#ids, true)
    return this.#ids
  }

  remove(id: number): void {
    this.#table.removeRow(id)
  }

  /** Removes all. */
  clear(): void {
    if (!this.#table.reset()) this.#table = new KeyedTable(this.#keyTypes, [])
  }
}
