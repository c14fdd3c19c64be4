/** Aggregate functions by canonical name. */
import { internalError } from '../../errors/index.ts'
import type { AggregateFactory } from './aggregate-function.ts'
import { avg } from './avg.ts'
import { count } from './count.ts'
import { firstValue, lastValue } from './first-last-value.ts'
import { listagg } from './listagg.ts'
import { max } from './max.ts'
import { min } from './min.ts'
import { sum } from './sum.ts'

export const aggregateFunctions: Readonly<Record<string, AggregateFactory>> = {
  AVG: avg,
  COUNT: count,
  FIRST_VALUE: firstValue,
  LAST_VALUE: lastValue,
  LISTAGG: listagg,
  MAX: max,
  MIN: min,
  SUM: sum,
}

export function aggregateFactory(name: string): AggregateFactory {
  const factory = aggregateFunctions[name]
  if (factory === undefined) throw internalError(`no aggregate function ${name} in the runtime`)
  return factory
}
