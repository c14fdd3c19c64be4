/** COALESCE, IFNULL, IF, NULLIF: only the arguments that are needed are evaluated. */
import type { ScalarSpec } from '../../function-spec.ts'
import { compareOrdered } from '../comparison/comparison.ts'
import { comparedTypes } from '../comparison/operand-types.ts'

export const coalesce: ScalarSpec = {
  names: ['COALESCE', 'IFNULL'],
  signatures: ['(T any...) -> T'],
  nulls: 'lazy',
  nullability: args => args.every(arg => arg.type.nullable),
  naive: args => args.find(arg => arg !== null) ?? null,
  doc: 'The first argument that is not NULL. IFNULL is the same with two arguments.',
  examples: [
    { sql: 'COALESCE(CAST(NULL AS INT), 2, 3)', result: '2' },
    { sql: "IFNULL(CAST(NULL AS STRING), 'x')", result: "'x'" },
    { sql: 'COALESCE(1, 1 / 0)', result: '1' },
  ],
}

export const ifThenElse: ScalarSpec = {
  names: ['IF'],
  signatures: ['(BOOLEAN, T any, T) -> T'],
  nulls: 'lazy',
  nullability: args => args[1]!.type.nullable || args[2]!.type.nullable,
  naive: ([condition, yes, no]) => (condition === true ? yes! : no!),
  doc: 'The second argument when the condition is TRUE, else the third.',
  examples: [
    { sql: "IF(1 < 2, 'yes', 'no')", result: "'yes'" },
    { sql: 'IF(CAST(NULL AS BOOLEAN), 1, 2)', result: '2' },
  ],
}

export const nullIf: ScalarSpec = {
  names: ['NULLIF'],
  signatures: ['(T any, T) -> T'],
  inferArguments: comparedTypes,
  // The result is the first argument, at the common type both were cast to.
  inferReturn: args => comparedTypes(args)![0]!,
  nulls: 'lazy',
  nullability: 'always',
  naive: ([a, b]) => (a !== null && b !== null && compareOrdered('=', a!, b!) ? null : a!),
  doc: 'NULL when both are equal, else the first argument.',
  examples: [
    { sql: 'NULLIF(5, 5)', result: 'CAST(NULL AS INT)' },
    { sql: 'NULLIF(5, 0)', result: '5' },
  ],
}
