/**
 * The generated loop of a continuous GROUP BY: each input row changes its group and says so at once, as Flink's
 * GroupAggFunction does: +I for a group's first row, −U/+U when the result changes (or, with a time to live,
 * whenever a row comes), −D when the last row was taken back. A retraction for a group that is not there is
 * ignored: its state may have expired.
 */
import type { KeyedTable } from '../../state/table/keyed-table.ts'
import { PAGE_MASK, PAGE_SHIFT } from '../../state/table/paged-column.ts'
import {
  type Batch,
  type LogicalType,
  ROW_DELETE,
  ROW_INSERT,
  ROW_UPDATE_AFTER,
  ROW_UPDATE_BEFORE,
} from '../../types/index.ts'
import type { OutputBuffer } from '../operators/output-buffer.ts'
import type { AggregateEnvironment } from './aggregate-environment.ts'
import type { ValueText } from './aggregate-function.ts'
import { accumulateText, compileKernel, LoopText, resultsText } from './aggregate-kernels.ts'
import type { AggregateLayout } from './aggregate-layout.ts'
import { isZero64 } from './int64-text.ts'
import { sameValue, writeColumn } from './value-text.ts'

/**
 * Handles rows [from, count) of the batch, whose groups are `ids` and value rows `valueIds`, until `out` is
 * full; returns the next row. `now` is the time of the write.
 */
export type GroupKernel = (
  env: AggregateEnvironment,
  table: KeyedTable,
  valueTables: readonly KeyedTable[],
  batch: Batch,
  count: number,
  ids: Int32Array,
  valueIds: readonly Int32Array[],
  out: OutputBuffer,
  from: number,
  now: number,
) => number

export interface GroupKernelOptions {
  readonly keys: readonly number[]
  readonly keyTypes: readonly LogicalType[]
  readonly retracts: boolean
  readonly updateBefore: boolean
}

export function groupKernel(layout: AggregateLayout, options: GroupKernelOptions): GroupKernel {
  const loop = new LoopText(layout)
  const rowCount = loop.state(0)
  const stamp = layout.stamp === null ? '' : `${loop.state(layout.stamp).value} = now;`
  const accumulate = accumulateText(loop, layout, options.retracts)
  const before = resultsText(loop, layout, 'x')
  const after = resultsText(loop, layout, 'y')
  const keys = options.keys.map((key, k) => loop.column(key, options.keyTypes[k]!))
  const emit = (kind: number, results: readonly ValueText[]) => `{
    const w = out.length++;
    kinds[w] = ${kind};
    ${[...keys, ...results].map((value, c) => writeColumn(`out${c}`, value, 'w')).join('\n')}
  }`
  const same = before.results.map((result, j) => sameValue(result, after.results[j]!))
  // With a time to live an update is sent even if nothing changed, so that later state is refreshed too.
  const changed = layout.stamp !== null ? 'true' : same.length === 0 ? 'false' : `!(${same.join(' && ')})`
  const update = `if (first) ${emit(ROW_INSERT, after.results)}
    else if (${changed}) {
      ${options.updateBefore ? emit(ROW_UPDATE_BEFORE, before.results) : ''}
      ${emit(ROW_UPDATE_AFTER, after.results)}
    }`
  const reset = layout.state.map((_, v) => `table.values[${v}].clear(p, a);`).join(' ')
  const outputs = [...keys, ...after.results].map((_, c) => `const out${c} = out.columns[${c}];`)
  return compileKernel(`return function update(env, table, valueTables, batch, count, ids, valueIds, out, from, now) {
    ${loop.declarations.join('\n')}
    ${outputs.join('\n')}
    const inputKinds = batch.kinds, isFrozen = table.isFrozen;
    const kinds = out.kinds, room = out.capacity - 2;
    let i = from;
    for (; i < count && out.length <= room; i++) {
      const r = i, id = ids[i], p = id >>> ${PAGE_SHIFT}, a = id & ${PAGE_MASK};
      if (isFrozen) table.makeWritable(id);
      const retract = ${options.retracts ? 'inputKinds !== null && (inputKinds[r] & 1) === 1' : 'false'};
      ${loop.pages.join('\n')}
      const first = ${isZero64(rowCount)};
      if (first && retract) continue;
      ${before.text}
      ${accumulate}
      ${stamp}
      if (!(${isZero64(rowCount)})) {
        ${after.text}
        ${update}
      } else {
        ${emit(ROW_DELETE, before.results)}
        ${reset}
      }
    }
    return i;
  }`)
}
