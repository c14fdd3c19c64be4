/** Comparison of a batch row with a kept row by ORDER BY keys, generated per signature. */
import type { SortKey } from '../../../planner/plan-graph/plan-graph.ts'
import type { KeyedTable } from '../../../state/table/keyed-table.ts'
import { PAGE_MASK, PAGE_SHIFT } from '../../../state/table/paged-column.ts'
import { type Batch, type LogicalType, storageOf } from '../../../types/index.ts'
import { type AggregateEnvironment, aggregateEnvironment } from '../../aggregates/aggregate-environment.ts'
import { compileKernel } from '../../aggregates/aggregate-kernels.ts'
import { lessText } from '../../aggregates/extreme.ts'
import { batchValue, pageValue } from '../../aggregates/value-text.ts'

/** Negative: row `r` of the batch comes before row `id` of the table, whose value columns are the batch's. */
export type RowOrder = (batch: Batch, r: number, table: KeyedTable, id: number) => number

export function rowOrder(sortKeys: readonly SortKey[], types: readonly LogicalType[]): RowOrder {
  const parts = sortKeys.map(({ column, ascending, nullsFirst }, j) => {
    const storage = storageOf(types[column]!)
    const x = batchValue(`x${j}`, `batch.columns[${column}]`, storage, 'r')
    const y = pageValue(`y${j}`, `table.values[${column}]`, storage)
    return `${x.declare} ${y.declare} ${y.page}
      const nx${j} = ${x.text.isNull}, ny${j} = ${y.text.isNull};
      if (nx${j} !== ny${j}) return nx${j} === ${nullsFirst} ? -1 : 1;
      if (!nx${j}) {
        if (${lessText(x.text, y.text)}) return ${ascending ? -1 : 1};
        if (${lessText(y.text, x.text)}) return ${ascending ? 1 : -1};
      }`
  })
  const compare = compileKernel<
    (env: AggregateEnvironment, batch: Batch, r: number, table: KeyedTable, id: number) => number
  >(`return function order(env, batch, r, table, id) {
    const p = id >>> ${PAGE_SHIFT}, a = id & ${PAGE_MASK};
    ${parts.join('\n')}
    return 0;
  }`)
  return (batch, r, table, id) => compare(aggregateEnvironment, batch, r, table, id)
}
