import { bigintType } from '../../types/index.ts'
import type { AggregateFactory } from './aggregate-function.ts'
import { add64, decrement64, increment64 } from './int64-text.ts'

/** COUNT(*), COUNT(x), COUNT(x, y): rows in which no argument is NULL. */
export const count: AggregateFactory = () => ({
  state: [{ name: 'count', type: bigintType(false) }],
  accumulate: ([count]) => increment64(count!),
  retract: ([count]) => decrement64(count!),
  merge: ([count], [other]) => add64(count!, other!),
  result: ([count], result) =>
    `${result.isNull} = false; ${result.value} = ${count!.value}; ${result.high} = ${count!.high};`,
})
