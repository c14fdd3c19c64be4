/** `x IN (a, b, …)`: TRUE on a match, NULL when x or an unmatched item is NULL, FALSE otherwise. */
import type { PlainValue } from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import { compareOrdered } from './comparison.ts'
import { comparedTypes } from './operand-types.ts'

function contains(args: readonly PlainValue[]): boolean | null {
  const [value, ...items] = args
  if (value === null || value === undefined) return null
  let unknown = false
  for (const item of items) {
    if (item === null) unknown = true
    else if (compareOrdered('=', value, item)) return true
  }
  return unknown ? null : false
}

export const inList: ScalarSpec = {
  names: ['IN'],
  signatures: ['(T any, T...) -> BOOLEAN'],
  inferArguments: comparedTypes,
  nulls: 'lazy',
  naive: contains,
  doc: 'TRUE when the value equals one of the list. A list of constants is looked up by hash.',
  examples: [
    { sql: '2 IN (1, 2, 3)', result: 'TRUE' },
    { sql: "'x' IN ('a', 'b')", result: 'FALSE' },
    { sql: '2 IN (1, CAST(NULL AS INT))', result: 'CAST(NULL AS BOOLEAN)' },
    { sql: 'CAST(2 AS BIGINT) IN (1, 2, 3, 4, 5, 6)', result: 'TRUE' },
  ],
}
