/**
 * Turns an upsert stream (key and new row, or a delete that may carry the key only) into a full changelog, by
 * keeping the last row of each key. As Flink's deduplication of changelogs: an unchanged row is not sent again
 * unless there is a time to live; a delete of a key that is not there is ignored.
 */
import type { ChangelogNormalizeNode } from '../../planner/plan-graph/plan-graph.ts'
import { RowFinder } from '../../state/keys/row-finder.ts'
import type { StateReader, StateSchema, StateWriter } from '../../state/state-io.ts'
import { freezeTables, keyedSchema } from '../../state/table/freeze-tables.ts'
import { KeyedTable } from '../../state/table/keyed-table.ts'
import { PAGE_MASK, PAGE_SHIFT, type PagedFloat64, type PagedInt32 } from '../../state/table/paged-column.ts'
import {
  type Batch,
  copyValue,
  integerType,
  isRetraction,
  type LogicalType,
  ROW_DELETE,
  ROW_INSERT,
  ROW_UPDATE_AFTER,
  ROW_UPDATE_BEFORE,
  timestampLtzType,
} from '../../types/index.ts'
import { allRows } from '../aggregates/all-rows.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { OutputBuffer } from './output-buffer.ts'

const CLEANUP_FACTOR = 2

class ChangelogNormalize implements Operator {
  readonly #node: ChangelogNormalizeNode
  readonly #context: OperatorContext
  /** Positions of the columns that are not keys; value column v holds column `#rest[v]`. */
  readonly #rest: readonly number[]
  /** Keys → other columns, time of the last write, and whether the row is there (not in snapshots). */
  readonly #table: KeyedTable
  readonly #finder: RowFinder
  readonly #restoreFinder: RowFinder
  readonly #out: OutputBuffer
  readonly #schema: StateSchema
  #cleanupAt = 0

  constructor(node: ChangelogNormalizeNode, inputTypes: readonly LogicalType[], context: OperatorContext) {
    this.#node = node
    this.#context = context
    const keyTypes = node.keys.map(key => inputTypes[key]!)
    this.#rest = inputTypes.map((_, c) => c).filter(c => !node.keys.includes(c))
    const restTypes = this.#rest.map(c => inputTypes[c]!)
    const stampType = timestampLtzType(3, false)
    this.#table = new KeyedTable(keyTypes, [...restTypes, stampType, integerType(false)])
    this.#finder = new RowFinder(inputTypes, node.keys)
    this.#restoreFinder = new RowFinder(
      keyTypes,
      keyTypes.map((_, k) => k),
    )
    this.#out = new OutputBuffer(inputTypes, context.output, true)
    this.#schema = keyedSchema('rows', 1, [
      ...keyTypes.map((type, k) => ({ name: `key${k}`, type })),
      ...this.#rest.map((c, v) => ({ name: `column${c}`, type: restTypes[v]! })),
      { name: 'last_write', type: stampType },
    ])
  }

  processBatch(batch: Batch): void {
    const now = this.#context.now()
    const ids = this.#finder.find(this.#table, batch, allRows(batch.length), batch.length, true)
    for (let row = 0; row < batch.length; row++) {
      if (this.#out.length + 2 > this.#out.capacity) this.#out.flush()
      const id = ids[row]!
      if (isRetraction(batch.kinds?.[row] ?? ROW_INSERT)) this.#delete(batch, row, id, now)
      else this.#upsert(batch, row, id, now)
    }
    for (let row = 0; row < batch.length; row++) {
      const id = ids[row]!
      if (this.#table.isLive(id) && !this.#isThere(id, now)) this.#table.removeRow(id)
    }
    this.#out.flush()
    if (this.#node.stateTtlMs > 0) this.#removeExpired(batch.length * CLEANUP_FACTOR, now)
    this.#context.metrics.set('stateRows', this.#table.size)
  }

  processWatermark(timestampMs: number): void {
    this.#context.output.emitWatermark(timestampMs)
  }

  snapshot(writer: StateWriter): void {
    const table = this.#table.freeze()
    const columns = [...table.keys, ...table.values.slice(0, -1)]
    writer.write(freezeTables(this.#schema, [{ prefix: [], table, columns }], this.#context.keyGroups.max))
  }

  restore(reader: StateReader): void {
    for (const batch of reader.read(this.#schema)) {
      const columns = batch.columns.slice(1)
      const view = { length: batch.length, columns, kinds: null }
      const ids = this.#restoreFinder.find(this.#table, view, allRows(batch.length), batch.length, true)
      for (let row = 0; row < batch.length; row++) {
        const id = ids[row]!
        for (let v = 0; v <= this.#rest.length; v++) {
          this.#table.writeValue(id, v, columns[this.#node.keys.length + v]!, row)
        }
        this.#there().values[id >>> PAGE_SHIFT]![id & PAGE_MASK] = 1
      }
    }
  }

  #upsert(batch: Batch, row: number, id: number, now: number): void {
    if (!this.#isThere(id, now)) {
      this.#emitInput(batch, row, ROW_INSERT)
    } else {
      if (this.#node.stateTtlMs === 0 && this.#isSame(batch, row, id)) return
      if (this.#node.changes.updateBefore) this.#emitKept(batch, row, id, ROW_UPDATE_BEFORE)
      this.#emitInput(batch, row, ROW_UPDATE_AFTER)
    }
    this.#rest.forEach((c, v) => {
      this.#table.writeValue(id, v, batch.columns[c]!, row)
    })
    this.#mark(id, now, 1)
  }

  #delete(batch: Batch, row: number, id: number, now: number): void {
    if (!this.#isThere(id, now)) return
    this.#emitKept(batch, row, id, ROW_DELETE)
    this.#mark(id, now, 0)
  }

  #mark(id: number, now: number, there: number): void {
    this.#table.makeWritable(id)
    const page = id >>> PAGE_SHIFT
    this.#stamps().values[page]![id & PAGE_MASK] = now
    this.#there().values[page]![id & PAGE_MASK] = there
  }

  #isThere(id: number, now: number): boolean {
    const page = id >>> PAGE_SHIFT
    const at = id & PAGE_MASK
    if (this.#there().values[page]![at] === 0) return false
    return this.#node.stateTtlMs === 0 || this.#stamps().values[page]![at]! + this.#node.stateTtlMs > now
  }

  #isSame(batch: Batch, row: number, id: number): boolean {
    return this.#rest.every((c, v) =>
      this.#table.values[v]!.equals(id >>> PAGE_SHIFT, id & PAGE_MASK, batch.columns[c]!, row),
    )
  }

  #emitInput(batch: Batch, row: number, kind: number): void {
    const to = this.#out.length++
    this.#out.kinds![to] = kind
    for (let c = 0; c < batch.columns.length; c++) {
      copyValue(this.#out.columns[c]!, to, batch.columns[c]!, row)
    }
  }

  /** The kept row; its key is the input row's. */
  #emitKept(batch: Batch, row: number, id: number, kind: number): void {
    const to = this.#out.length++
    this.#out.kinds![to] = kind
    for (const key of this.#node.keys) copyValue(this.#out.columns[key]!, to, batch.columns[key]!, row)
    this.#rest.forEach((c, v) => {
      this.#table.readValue(id, v, this.#out.columns[c]!, to)
    })
  }

  #removeExpired(numRows: number, now: number): void {
    for (let n = Math.min(numRows, this.#table.numRowIds); n > 0; n--) {
      const id = this.#cleanupAt
      this.#cleanupAt = id + 1 < this.#table.numRowIds ? id + 1 : 0
      if (this.#table.isLive(id) && !this.#isThere(id, now)) this.#table.removeRow(id)
    }
  }

  #stamps(): PagedFloat64 {
    return this.#table.values[this.#rest.length] as PagedFloat64
  }

  #there(): PagedInt32 {
    return this.#table.values[this.#rest.length + 1] as PagedInt32
  }
}

export const createChangelogNormalizeOperator = (
  node: ChangelogNormalizeNode,
  inputTypes: readonly LogicalType[],
  context: OperatorContext,
): Operator => new ChangelogNormalize(node, inputTypes, context)
