/** ARRAY[…], MAP[k, v, …] and ROW(…). Parts may be NULL. */
import {
  arrayType,
  commonType,
  mapType,
  type PlainValue,
  rowType,
  withNullable,
} from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'

const typesOf = (args: readonly ArgumentInfo[]) => args.map(arg => arg.type)
const at = (args: readonly ArgumentInfo[], parity: number) => args.filter((_, i) => i % 2 === parity)

export const array: ScalarSpec = {
  names: ['ARRAY'],
  signatures: ['(T any...) -> ARRAY<INT>'],
  inferArguments: args => {
    const element = commonType(typesOf(args))
    return element === undefined ? undefined : args.map(arg => withNullable(element, arg.type.nullable))
  },
  inferReturn: args => arrayType(commonType(typesOf(args))!),
  nulls: 'custom',
  nullability: 'never',
  naive: args => [...args],
  doc: 'An array of the arguments, which have a common type.',
  examples: [
    { sql: 'CARDINALITY(ARRAY[1, 2, 3])', result: '3' },
    { sql: 'ARRAY[1, CAST(2 AS BIGINT)]', result: 'CAST(ARRAY[1, 2] AS ARRAY<BIGINT NOT NULL>)' },
  ],
}

export const map: ScalarSpec = {
  names: ['MAP'],
  signatures: ['(any...) -> MAP<STRING, STRING>'],
  inferArguments: args => {
    const key = commonType(typesOf(at(args, 0)))
    const value = commonType(typesOf(at(args, 1)))
    if (key === undefined || value === undefined || args.length % 2 !== 0) return undefined
    return args.map((arg, i) => withNullable(i % 2 === 0 ? key : value, arg.type.nullable))
  },
  inferReturn: args => mapType(commonType(typesOf(at(args, 0)))!, commonType(typesOf(at(args, 1)))!),
  nulls: 'custom',
  nullability: 'never',
  naive: args => {
    const entries = new Map<PlainValue, PlainValue>()
    for (let i = 0; i < args.length; i += 2) entries.set(args[i]!, args[i + 1]!)
    return entries
  },
  doc: 'A map of keys and values by turns; of equal keys the last one wins.',
  examples: [{ sql: "MAP['a', 1, 'b', 2]['b']", result: '2' }],
}

export const row: ScalarSpec = {
  names: ['ROW'],
  signatures: ['(any...) -> ROW<f0 INT>'],
  inferArguments: typesOf,
  inferReturn: args => rowType(args.map((arg, i) => ({ name: `EXPR$${i}`, type: arg.type }))),
  nulls: 'custom',
  nullability: 'never',
  naive: args => [...args],
  doc: 'A row of the arguments.',
  examples: [{ sql: "CAST(ROW(1, 'a') AS STRING)", result: "CAST('(1, a)' AS STRING)" }],
}
