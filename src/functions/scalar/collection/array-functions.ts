/** ARRAY_CONTAINS, ARRAY_DISTINCT, ARRAY_POSITION, ARRAY_REVERSE, ARRAY_JOIN, ARRAY_CONCAT, ARRAY_MAX, ARRAY_MIN, MAP_KEYS, MAP_VALUES, SPLIT. */
import {
  arrayType,
  commonType,
  type LogicalType,
  type PlainValue,
  stringType,
  withNullable,
} from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import { plainCompare, plainEquals } from '../../plain-compare.ts'
import type { ArgumentInfo } from '../../resolution.ts'

type Items = readonly PlainValue[]
const elementOf = (type: LogicalType): LogicalType =>
  (type as Extract<LogicalType, { kind: 'ARRAY' }>).element

/** (ARRAY<T>, T): both at their common type. */
function searched([list, value]: readonly ArgumentInfo[]): readonly LogicalType[] | undefined {
  if (list?.type.kind !== 'ARRAY' || value === undefined) return undefined
  const common = commonType([list.type.element, value.type])
  if (common === undefined) return undefined
  return [
    arrayType(withNullable(common, list.type.element.nullable), list.type.nullable),
    withNullable(common, value.type.nullable),
  ]
}

export const arrayContains: ScalarSpec = {
  names: ['ARRAY_CONTAINS'],
  signatures: ['(array, any) -> BOOLEAN'],
  inferArguments: searched,
  nulls: 'custom',
  naive: ([list, value]) => (list === null ? null : (list as Items).some(one => plainEquals(one, value!))),
  doc: 'Whether the array holds the value; a NULL is found if the array holds one.',
  examples: [
    { sql: 'ARRAY_CONTAINS(ARRAY[1, 2], 2)', result: 'TRUE' },
    { sql: "ARRAY_CONTAINS(ARRAY['a'], 'b')", result: 'FALSE' },
  ],
}

export const arrayPosition: ScalarSpec = {
  names: ['ARRAY_POSITION'],
  signatures: ['(array, any) -> INT'],
  inferArguments: searched,
  nulls: 'propagate',
  naive: ([list, value]) => (list as Items).findIndex(one => plainEquals(one, value!)) + 1,
  doc: 'Position (from 1) of the first equal element; 0 when there is none.',
  examples: [{ sql: 'ARRAY_POSITION(ARRAY[5, 7, 7], 7)', result: '2' }],
}

const ofSameType = (
  name: string,
  body: (items: Items) => Items,
  doc: string,
  examples: ScalarSpec['examples'],
): ScalarSpec => ({
  names: [name],
  signatures: ['(T array) -> T'],
  nulls: 'propagate',
  naive: ([list]) => body(list as Items),
  doc,
  examples,
})

export const arrayDistinct = ofSameType(
  'ARRAY_DISTINCT',
  items => items.filter((value, i) => items.findIndex(other => plainEquals(other, value)) === i),
  'The array without repeated elements, in order of first appearance.',
  [{ sql: 'ARRAY_DISTINCT(ARRAY[2, 1, 2])', result: 'ARRAY[2, 1]' }],
)
export const arrayReverse = ofSameType(
  'ARRAY_REVERSE',
  items => [...items].reverse(),
  'The array backwards.',
  [{ sql: 'ARRAY_REVERSE(ARRAY[1, 2, 3])', result: 'ARRAY[3, 2, 1]' }],
)

export const arrayConcat: ScalarSpec = {
  names: ['ARRAY_CONCAT'],
  signatures: ['(T array, T...) -> T'],
  nulls: 'propagate',
  naive: lists => (lists as readonly Items[]).flat(),
  doc: 'The arrays one after the other.',
  examples: [{ sql: 'ARRAY_CONCAT(ARRAY[1], ARRAY[2, 3])', result: 'ARRAY[1, 2, 3]' }],
}

const extreme = (name: string, sign: 1 | -1, result: string): ScalarSpec => ({
  names: [name],
  signatures: ['(array) -> any'],
  inferReturn: ([arg]) => elementOf(arg!.type),
  nulls: 'propagate',
  nullability: 'always',
  naive: ([list]) =>
    (list as Items).reduce(
      (best, value) =>
        value !== null && (best === null || sign * plainCompare(value, best) > 0) ? value : best,
      null,
    ),
  doc: `The ${sign === 1 ? 'largest' : 'smallest'} element that is not NULL.`,
  examples: [{ sql: `${name}(ARRAY[2, 9, 4])`, result }],
})
export const arrayMax = extreme('ARRAY_MAX', 1, '9')
export const arrayMin = extreme('ARRAY_MIN', -1, '2')

export const arrayJoin: ScalarSpec = {
  names: ['ARRAY_JOIN'],
  signatures: ['(ARRAY<STRING>, STRING) -> STRING', '(ARRAY<STRING>, STRING, STRING) -> STRING'],
  inferArguments: args => {
    const [list] = args
    if (list?.type.kind !== 'ARRAY' || args.length < 2 || args.length > 3) return undefined
    if (args.slice(1).some(arg => arg.type.kind !== 'CHAR' && arg.type.kind !== 'VARCHAR')) return undefined
    return [
      arrayType(stringType(list.type.element.nullable), list.type.nullable),
      ...args.slice(1).map(arg => arg.type),
    ]
  },
  nulls: 'propagate',
  naive: ([list, separator, forNull]) =>
    (list as Items)
      .map(text => (text === null ? forNull : text))
      .filter(text => text !== undefined)
      .join(separator as string),
  doc: 'The texts joined by the separator; NULLs are left out, or stand as the third argument.',
  examples: [
    { sql: "ARRAY_JOIN(ARRAY['a', CAST(NULL AS STRING), 'c'], '-')", result: "'a-c'" },
    { sql: "ARRAY_JOIN(ARRAY['a', CAST(NULL AS STRING)], '-', '?')", result: "'a-?'" },
  ],
}

export const mapKeys: ScalarSpec = {
  names: ['MAP_KEYS'],
  signatures: ['(map) -> any'],
  inferReturn: ([arg]) => arrayType((arg!.type as Extract<LogicalType, { kind: 'MAP' }>).key),
  nulls: 'propagate',
  naive: ([map]) => [...(map as ReadonlyMap<PlainValue, PlainValue>).keys()],
  doc: 'The keys of the map as an array.',
  examples: [{ sql: "MAP_KEYS(MAP['a', 1, 'b', 2])", result: "ARRAY['a', 'b']" }],
}

export const mapValues: ScalarSpec = {
  names: ['MAP_VALUES'],
  signatures: ['(map) -> any'],
  inferReturn: ([arg]) => arrayType((arg!.type as Extract<LogicalType, { kind: 'MAP' }>).value),
  nulls: 'propagate',
  naive: ([map]) => [...(map as ReadonlyMap<PlainValue, PlainValue>).values()],
  doc: 'The values of the map as an array.',
  examples: [{ sql: "MAP_VALUES(MAP['a', 1, 'b', 2])", result: 'ARRAY[1, 2]' }],
}

export const split: ScalarSpec = {
  names: ['SPLIT'],
  signatures: ['(STRING, STRING) -> ARRAY<STRING NOT NULL>'],
  nulls: 'propagate',
  naive: ([text, separator]) =>
    separator === '' ? [...(text as string)] : (text as string).split(separator as string),
  doc: 'The parts of the text between the separators.',
  examples: [
    { sql: "SPLIT('a,b,,c', ',')", result: "CAST(ARRAY['a', 'b', '', 'c'] AS ARRAY<STRING NOT NULL>)" },
  ],
}
