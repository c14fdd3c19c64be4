/** `array[i]` (from 1), `map[key]`, `row.field`, CARDINALITY, ELEMENT. What is not there is NULL. */
import {
  canCastImplicitly,
  integerType,
  isIntegral,
  type LogicalType,
  type PlainValue,
  withNullable,
} from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import { mapGet } from '../../plain-compare.ts'
import type { ArgumentInfo } from '../../resolution.ts'
import { invalidArgument } from '../../runtime-errors.ts'

type Items = readonly PlainValue[]
type Entries = ReadonlyMap<PlainValue, PlainValue>

export const item: ScalarSpec = {
  names: ['ITEM'],
  signatures: ['(array, INT) -> any', '(map, any) -> any'],
  inferArguments: ([collection, index]) => {
    const type = collection?.type
    if (type === undefined || index === undefined) return undefined
    if (type.kind === 'ARRAY' && isIntegral(index.type)) return [type, integerType(index.type.nullable)]
    if (type.kind === 'MAP' && canCastImplicitly(index.type, type.key))
      return [type, withNullable(type.key, index.type.nullable)]
    return undefined
  },
  inferReturn: ([collection]) => {
    const type = collection!.type as Extract<LogicalType, { kind: 'ARRAY' | 'MAP' }>
    return type.kind === 'ARRAY' ? type.element : type.value
  },
  nulls: 'propagate',
  nullability: 'always',
  naive: ([collection, index]) => {
    if (collection instanceof Map) return mapGet(collection, index!) ?? null
    if ((index as number) < 1)
      throw invalidArgument('array[index]', `positions count from 1, but the index is ${index}`)
    return (collection as Items)[(index as number) - 1] ?? null
  },
  doc: 'The element of an array at a position (from 1), or the value of a map for a key; NULL when there is none.',
  examples: [
    { sql: 'ARRAY[10, 20][2]', result: '20' },
    { sql: 'ARRAY[10, 20][3]', result: 'CAST(NULL AS INT)' },
    { sql: "MAP['a', 1]['x']", result: 'CAST(NULL AS INT)' },
  ],
}

function fieldIndex([base, name]: readonly ArgumentInfo[]): number {
  const type = base?.type
  if (type?.kind !== 'ROW' || typeof name?.literal !== 'string') return -1
  return type.fields.findIndex(field => field.name === name.literal)
}

export const getField: ScalarSpec = {
  names: ['FIELD', 'GET_FIELD'],
  signatures: ['(row, STRING) -> any'],
  inferArguments: args => (fieldIndex(args) < 0 ? undefined : args.map(arg => arg.type)),
  inferReturn: args => {
    const type = args[0]!.type as Extract<LogicalType, { kind: 'ROW' }>
    return type.fields[fieldIndex(args)]!.type
  },
  nulls: 'propagate',
  nullability: args => {
    const type = args[0]!.type as Extract<LogicalType, { kind: 'ROW' }>
    return type.nullable || type.fields[fieldIndex(args)]!.type.nullable
  },
  naive: ([base, name], { argumentTypes }) => {
    const type = argumentTypes[0] as Extract<LogicalType, { kind: 'ROW' }>
    return (base as Items)[type.fields.findIndex(field => field.name === name)] ?? null
  },
  doc: 'A field of a row, by its literal name: what `row.field` is bound to.',
  examples: [{ sql: "CAST(ROW(1, 'x') AS ROW<a INT, b STRING>).b", result: "'x'" }],
}

export const cardinality: ScalarSpec = {
  names: ['CARDINALITY'],
  signatures: ['(array) -> INT', '(map) -> INT'],
  nulls: 'propagate',
  naive: ([collection]) =>
    collection instanceof Map ? (collection as Entries).size : (collection as Items).length,
  doc: 'Number of elements of an array or entries of a map.',
  examples: [
    { sql: 'CARDINALITY(ARRAY[1, 2])', result: '2' },
    { sql: "CARDINALITY(MAP['a', 1])", result: '1' },
  ],
}

export const element: ScalarSpec = {
  names: ['ELEMENT'],
  signatures: ['(array) -> any'],
  inferReturn: ([arg]) => (arg!.type as Extract<LogicalType, { kind: 'ARRAY' }>).element,
  nulls: 'propagate',
  nullability: 'always',
  naive: ([collection]) => {
    const items = collection as Items
    if (items.length > 1) throw invalidArgument('ELEMENT', `the array has ${items.length} elements`)
    return items[0] ?? null
  },
  doc: 'The only element of an array; NULL for an empty one, an error when there are several.',
  examples: [{ sql: 'ELEMENT(ARRAY[7])', result: '7' }],
}
