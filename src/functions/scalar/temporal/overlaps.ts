/** (start, end) OVERLAPS (start, end), bound as OVERLAPS with four arguments; an end may be an interval. */
import {
  commonType,
  isInterval,
  isTemporal,
  type LogicalType,
  type PlainValue,
  withNullable,
} from '../../../types/index.ts'
import type { CallContext, ScalarSpec } from '../../function-spec.ts'
import { plainCompare } from '../../plain-compare.ts'
import { shiftPlain } from '../arithmetic/interval-operands.ts'

function period(
  start: PlainValue,
  end: PlainValue,
  at: number,
  { argumentTypes }: CallContext,
): [PlainValue, PlainValue] {
  const endType = argumentTypes[at + 1]!
  const last = isInterval(endType) ? shiftPlain(argumentTypes[at]!, endType, start, end as number) : end
  return plainCompare(start, last) <= 0 ? [start, last] : [last, start]
}

export const overlaps: ScalarSpec = {
  names: ['OVERLAPS'],
  signatures: [
    '(temporal, temporal, temporal, temporal) -> BOOLEAN',
    '(temporal, interval, temporal, interval) -> BOOLEAN',
  ],
  inferArguments: args => {
    const types = args.map(arg => arg.type)
    const common = commonType(types.filter(type => !isInterval(type)))
    if (
      types.length !== 4 ||
      common === undefined ||
      !isTemporal(common) ||
      isInterval(types[0]!) ||
      isInterval(types[2]!)
    )
      return undefined
    return types.map((type): LogicalType => (isInterval(type) ? type : withNullable(common, type.nullable)))
  },
  nulls: 'propagate',
  naive: ([a, b, c, d], call) => {
    const [aStart, aEnd] = period(a!, b!, 0, call)
    const [bStart, bEnd] = period(c!, d!, 2, call)
    return plainCompare(aStart, bEnd) <= 0 && plainCompare(bStart, aEnd) <= 0
  },
  doc: 'Whether two periods have a time in common; their ends belong to them.',
  examples: [
    {
      sql: "OVERLAPS(TIME '02:55:00', INTERVAL '1' HOUR, TIME '03:30:00', INTERVAL '2' HOUR)",
      result: 'TRUE',
    },
    {
      sql: "OVERLAPS(TIME '09:00:00', TIME '10:00:00', TIME '10:15:00', INTERVAL '3' HOUR)",
      result: 'FALSE',
    },
  ],
}
