/** GREATEST and LEAST: NULL when any argument is NULL (as in Flink). */
import type { PlainValue } from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import { plainCompare } from '../../plain-compare.ts'

const pick =
  (sign: 1 | -1) =>
  (args: readonly PlainValue[]): PlainValue =>
    args.includes(null) ? null : args.reduce((best, arg) => (sign * plainCompare(arg, best) > 0 ? arg : best))

export const greatest: ScalarSpec = {
  names: ['GREATEST'],
  signatures: ['(T comparable...) -> T'],
  nulls: 'lazy',
  naive: pick(1),
  doc: 'The largest argument; NULL when one is NULL.',
  examples: [
    { sql: 'GREATEST(1, 3, 2)', result: '3' },
    { sql: "GREATEST('a', 'b')", result: "'b'" },
    { sql: 'GREATEST(1, CAST(NULL AS INT))', result: 'CAST(NULL AS INT)' },
  ],
}

export const least: ScalarSpec = {
  names: ['LEAST'],
  signatures: ['(T comparable...) -> T'],
  nulls: 'lazy',
  naive: pick(-1),
  doc: 'The smallest argument; NULL when one is NULL.',
  examples: [
    { sql: 'LEAST(4, 3, CAST(2 AS BIGINT))', result: 'CAST(2 AS BIGINT)' },
    { sql: 'LEAST(1.5, 1)', result: 'CAST(1 AS DECIMAL(11, 1))' },
  ],
}
