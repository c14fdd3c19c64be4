/** Unary minus. The smallest integer of a type stays as it is, as in Java. */
import { inline, type ScalarSpec } from '../../function-spec.ts'
import { subtractWords } from '../../word-arithmetic.ts'
import { wrapInteger, wrapText } from './numeric-operands.ts'

export const negate: ScalarSpec = {
  names: ['NEGATE'],
  signatures: ['(T numeric) -> T', '(T interval) -> T'],
  nulls: 'propagate',
  implement: ({ argumentTypes: [type] }) =>
    inline((_, [a]) => wrapText(type!, `-${a![0]}`), {
      total: type!.kind !== 'DECIMAL' || type!.precision <= 18,
      emitWords: (_, [a]) => (a!.words ? subtractWords(['0', '0'], a!.words) : undefined),
    }),
  naive: ([value], { argumentTypes: [type] }) => {
    if (type!.kind === 'DECIMAL') return -(value as bigint)
    const isInteger = type!.kind === 'BIGINT' || type!.kind.endsWith('INT') || type!.kind === 'INTEGER'
    return isInteger ? wrapInteger(type!, -BigInt(value as number | bigint)) : -(value as number)
  },
  doc: 'The value with the opposite sign.',
  examples: [
    { sql: '-(CAST(5 AS BIGINT))', result: 'CAST(-5 AS BIGINT)' },
    { sql: '-(1.5)', result: '-1.5' },
    { sql: "-(INTERVAL '1' DAY)", result: "INTERVAL '-1' DAY" },
  ],
}
