/**
 * A window table function on its own: appends window_start, window_end and window_time. HOP gives a row for each
 * of its windows, latest first; CUMULATE the same, earliest first. Rows with a NULL time are dropped and counted
 * (gauge `nullTimeRowsDropped`), as in Flink.
 */
import type { WindowTableFunctionNode } from '../../planner/plan-graph/plan-graph.ts'
import {
  type Batch,
  type Column,
  copyValue,
  createColumns,
  type LogicalType,
  ROW_INSERT,
} from '../../types/index.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { OutputBuffer } from './output-buffer.ts'
import { readMillis } from './windows/slice-router.ts'
import { type Slices, slicesOf } from './windows/slices.ts'
import { clockOf, type WindowClock } from './windows/window-clock.ts'
import { fillMillis, propertyMillis } from './windows/window-properties.ts'

const PROPERTIES = ['start', 'end', 'time'] as const

class WindowTableFunction implements Operator {
  readonly #node: WindowTableFunctionNode
  readonly #context: OperatorContext
  readonly #clock: WindowClock
  readonly #slices: Slices
  readonly #propertyTypes: readonly LogicalType[]
  readonly #out: OutputBuffer
  readonly #bounds: readonly Column[]
  readonly #columns: Column[] = []
  #numDropped = 0

  constructor(node: WindowTableFunctionNode, _inputTypes: readonly LogicalType[], context: OperatorContext) {
    this.#node = node
    this.#context = context
    this.#clock = clockOf(node.time.localTimeZone, context.timeZone)
    this.#slices = slicesOf(node.time.window)
    const types = node.output.map(field => field.type)
    this.#propertyTypes = types.slice(-PROPERTIES.length)
    this.#out = new OutputBuffer(types, context.output, true)
    this.#bounds = createColumns(this.#propertyTypes, 256)
  }

  processBatch(batch: Batch): void {
    const { timeColumn } = this.#node.time
    const time = timeColumn < 0 ? null : batch.columns[timeColumn]!
    if (this.#slices.single && (time === null || time.nulls === null)) this.#appendBounds(batch, time)
    else this.#multiply(batch, time)
  }

  processWatermark(timestampMs: number): void {
    this.#context.output.emitWatermark(timestampMs)
  }

  #localTime(time: Column | null, row: number): number {
    return this.#clock.toLocal(time === null ? this.#context.now() : readMillis(time, row))
  }

  /** One window a row: the input's columns go out as they are. */
  #appendBounds(batch: Batch, time: Column | null): void {
    for (const column of this.#bounds) {
      column.reset()
      column.ensureCapacity(batch.length)
    }
    const { sliceMs } = this.#slices
    let end = Number.NaN
    let from = 0
    for (let row = 0; row < batch.length; row++) {
      const local = this.#localTime(time, row)
      if (local < end && local >= end - sliceMs) continue
      this.#fillBounds(this.#bounds, from, row, end)
      end = this.#slices.sliceEnd(local)
      from = row
    }
    this.#fillBounds(this.#bounds, from, batch.length, end)
    this.#columns.length = 0
    this.#columns.push(...batch.columns, ...this.#bounds)
    this.#context.output.emit({ length: batch.length, columns: this.#columns, kinds: batch.kinds })
  }

  #multiply(batch: Batch, time: Column | null): void {
    const slices = this.#slices
    for (let row = 0; row < batch.length; row++) {
      if (time?.isNull(row)) {
        this.#context.metrics.set('nullTimeRowsDropped', ++this.#numDropped)
        continue
      }
      const slice = slices.sliceEnd(this.#localTime(time, row))
      const first = slices.firstWindowEnd(slice)
      const last = slices.lastWindowEnd(slice)
      const step = slices.windowStepMs
      if (slices.cumulative) for (let end = first; end <= last; end += step) this.#emitRow(batch, row, end)
      else for (let end = last; end >= first; end -= step) this.#emitRow(batch, row, end)
    }
    this.#out.flush()
  }

  #emitRow(batch: Batch, row: number, end: number): void {
    if (this.#out.length === this.#out.capacity) this.#out.flush()
    const to = this.#out.length++
    this.#out.kinds![to] = batch.kinds?.[row] ?? ROW_INSERT
    for (let c = 0; c < batch.columns.length; c++) {
      copyValue(this.#out.columns[c]!, to, batch.columns[c]!, row)
    }
    this.#fillBounds(this.#out.columns.slice(-PROPERTIES.length), to, to + 1, end)
  }

  #fillBounds(columns: readonly Column[], from: number, to: number, end: number): void {
    if (from === to) return
    const start = this.#slices.windowStart(end)
    PROPERTIES.forEach((property, j) => {
      const ms = propertyMillis(property, start, end, this.#propertyTypes[j]!, this.#clock)
      fillMillis(columns[j]!, from, to, ms)
    })
  }
}

export const createWindowTableFunctionOperator = (
  node: WindowTableFunctionNode,
  inputTypes: readonly LogicalType[],
  context: OperatorContext,
): Operator => new WindowTableFunction(node, inputTypes, context)
