/**
 * Continuous GROUP BY without windows, and global aggregates. The changelog of each input row is emitted at once
 * (group-kernel.ts). With `table.exec.state.ttl` a group not written for so long (processing time) counts as
 * absent; expired groups are removed a few at a time as batches come.
 */
import type { GroupAggregateNode } from '../../planner/plan-graph/plan-graph.ts'
import type { StateReader, StateSchema, StateWriter } from '../../state/state-io.ts'
import { freezeTables, keyedSchema } from '../../state/table/freeze-tables.ts'
import { PAGE_MASK, PAGE_SHIFT, type PagedFloat64, type PagedInt64 } from '../../state/table/paged-column.ts'
import { TOUCH_ROWS, TOUCH_STEP, touchValues } from '../../state/table/touch.ts'
import type { Batch, LogicalType } from '../../types/index.ts'
import { aggregateEnvironment } from '../aggregates/aggregate-environment.ts'
import { layOutAggregates } from '../aggregates/aggregate-layout.ts'
import { Aggregator, type Groups } from '../aggregates/aggregator.ts'
import { allRows } from '../aggregates/all-rows.ts'
import { type GroupKernel, groupKernel } from '../aggregates/group-kernel.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { OutputBuffer } from './output-buffer.ts'
import { refuseChanges } from './refuse-changes.ts'

/** Rows looked at for expiry per row that comes in. */
const CLEANUP_FACTOR = 2

class GroupAggregate implements Operator {
  readonly #node: GroupAggregateNode
  readonly #context: OperatorContext
  readonly #aggregator: Aggregator
  readonly #groups: Groups
  readonly #kernel: GroupKernel
  readonly #out: OutputBuffer
  readonly #schema: StateSchema
  readonly #valueSchemas: readonly StateSchema[]
  #cleanupAt = 0

  constructor(node: GroupAggregateNode, inputTypes: readonly LogicalType[], context: OperatorContext) {
    this.#node = node
    this.#context = context
    const layout = layOutAggregates(node.aggregates, inputTypes, {
      retracts: node.inputRetracts,
      countsRows: true,
      stamped: node.stateTtlMs > 0,
    })
    this.#aggregator = new Aggregator(layout, inputTypes, node.keys, node.inputRetracts)
    this.#groups = this.#aggregator.createGroups()
    this.#kernel = groupKernel(layout, {
      keys: node.keys,
      keyTypes: this.#aggregator.keyTypes,
      retracts: node.inputRetracts,
      updateBefore: node.changes.updateBefore,
    })
    this.#out = new OutputBuffer(
      node.output.map(field => field.type),
      context.output,
      true,
    )
    this.#schema = keyedSchema('groups', 1, this.#aggregator.stateSpecs)
    this.#valueSchemas = this.#aggregator.valueSpecs.map((specs, t) =>
      keyedSchema(`group_values_${t}`, 1, specs),
    )
  }

  processBatch(batch: Batch): void {
    if (!this.#node.inputRetracts) refuseChanges(batch, this.#node.label)
    const { table, valueTables } = this.#groups
    const count = batch.length
    const rows = allRows(count)
    const now = this.#context.now()
    const hashes = this.#aggregator.hash(batch)
    const ids = this.#aggregator.findGroups(this.#groups, batch, hashes, rows, count, true)
    if (this.#node.stateTtlMs > 0) this.#resetExpired(ids, count, now)
    const valueIds = this.#aggregator.findValues(this.#groups, batch, rows, count, ids)
    // Results before a change may point at strings that the change replaces.
    table.holdBytes()
    const isLarge = table.numRowIds > TOUCH_ROWS
    for (let row = 0, end = 0; row < count; ) {
      if (row === end) {
        end = isLarge ? Math.min(count, row + TOUCH_STEP) : count
        if (isLarge) touchValues(table.values, ids, row, end)
      }
      row = this.#kernel(
        aggregateEnvironment,
        table,
        valueTables,
        batch,
        end,
        ids,
        valueIds,
        this.#out,
        row,
        now,
      )
      if (row < end) this.#out.flush()
    }
    this.#out.flush()
    table.thawBytes()
    this.#aggregator.sweepValues(this.#groups, count)
    if (this.#node.inputRetracts) this.#removeEmpty(ids, count)
    if (this.#node.stateTtlMs > 0) this.#removeExpired(count * CLEANUP_FACTOR, now)
    this.#context.metrics.set('stateRows', table.size)
  }

  processWatermark(timestampMs: number): void {
    this.#context.output.emitWatermark(timestampMs)
  }

  snapshot(writer: StateWriter): void {
    const groups = this.#aggregator.freeze(this.#groups)
    const { max } = this.#context.keyGroups
    const part = { prefix: [], table: groups.table, columns: this.#aggregator.stateColumns(groups.table) }
    writer.write(freezeTables(this.#schema, [part], max))
    this.#valueSchemas.forEach((schema, t) => {
      writer.write(this.#aggregator.freezeValues(schema, t, [{ prefix: [], groups }], max))
    })
  }

  restore(reader: StateReader): void {
    for (const batch of reader.read(this.#schema)) {
      this.#aggregator.restoreGroups(this.#groups, batch, 1, allRows(batch.length), batch.length)
    }
    this.#valueSchemas.forEach((schema, t) => {
      for (const batch of reader.read(schema)) {
        this.#aggregator.restoreValues(this.#groups, t, batch, 1, allRows(batch.length), batch.length)
      }
    })
  }

  #isEmpty(id: number): boolean {
    const words = (this.#groups.table.values[0] as PagedInt64).words[id >>> PAGE_SHIFT]!
    const at = (id & PAGE_MASK) * 2
    return words[at] === 0 && words[at + 1] === 0
  }

  #isExpired(id: number, now: number): boolean {
    const stamps = this.#groups.table.values[this.#aggregator.layout.stamp!] as PagedFloat64
    return stamps.values[id >>> PAGE_SHIFT]![id & PAGE_MASK]! + this.#node.stateTtlMs <= now
  }

  /** Groups of this batch that have expired start anew. */
  #resetExpired(ids: Int32Array, count: number, now: number): void {
    for (let i = 0; i < count; i++) {
      const id = ids[i]!
      if (this.#isEmpty(id) || !this.#isExpired(id, now)) continue
      this.#aggregator.clearValues(this.#groups, id)
      this.#groups.table.clearValues(id)
    }
  }

  #removeEmpty(ids: Int32Array, count: number): void {
    const { table } = this.#groups
    for (let i = 0; i < count; i++) {
      const id = ids[i]!
      if (table.isLive(id) && this.#isEmpty(id)) this.#aggregator.removeGroup(this.#groups, id)
    }
  }

  /** Goes on through the table where it stopped last time. */
  #removeExpired(numRows: number, now: number): void {
    const { table } = this.#groups
    for (let n = Math.min(numRows, table.numRowIds); n > 0; n--) {
      const id = this.#cleanupAt
      this.#cleanupAt = id + 1 < table.numRowIds ? id + 1 : 0
      if (table.isLive(id) && this.#isExpired(id, now)) this.#aggregator.removeGroup(this.#groups, id)
    }
  }
}

export const createGroupAggregateOperator = (
  node: GroupAggregateNode,
  inputTypes: readonly LogicalType[],
  context: OperatorContext,
): Operator => new GroupAggregate(node, inputTypes, context)
