/** JSON_VALUE, JSON_EXISTS, JSON_QUERY. Their clauses are trailing literal arguments. */
import { isCharacter, type PlainValue, stringType } from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import type { ArgumentInfo } from '../../resolution.ts'
import { invalidArgument, shortened } from '../../runtime-errors.ts'
import { followPath, type Json } from './json-path.ts'
import { jsonPath, parseJson, scalarText } from './json-text.ts'

const isScalar = (value: Json): boolean => value !== null && typeof value !== 'object'
const isText = ({ type }: ArgumentInfo): boolean => isCharacter(type) || type.kind === 'NULL'

/** JSON_VALUE(input, path, onEmpty, default, onError, default). */
function jsonValue([
  input,
  path,
  onEmpty,
  emptyDefault,
  onError,
  errorDefault,
]: readonly PlainValue[]): PlainValue {
  if (input === null || path === null) return null
  const text = input as string
  const failed = (why: string): PlainValue => {
    if (onError === 'ERROR')
      throw invalidArgument('JSON_VALUE', `${why} (path '${path}', value '${shortened(text)}')`)
    return onError === 'DEFAULT' ? errorDefault! : null
  }
  const json = parseJson(text)
  if (json === undefined) return failed('the value is no JSON')
  const parsed = jsonPath(path as string)
  const found = followPath(json, parsed.steps)
  if (found === undefined && !parsed.isLax) return failed('the path leads nowhere')
  if (found !== undefined && found !== null && !isScalar(found) && !parsed.isLax)
    return failed('the path leads to no scalar')
  if (found !== undefined && found !== null && isScalar(found)) return scalarText(found, text, parsed)
  if (onEmpty === 'ERROR')
    throw invalidArgument('JSON_VALUE', `nothing at path '${path}' in '${shortened(text)}'`)
  return onEmpty === 'DEFAULT' ? emptyDefault! : null
}

export const jsonValueSpec: ScalarSpec = {
  names: ['JSON_VALUE'],
  signatures: ['(STRING, STRING) -> STRING', '(STRING, STRING, STRING, STRING, STRING, STRING) -> STRING'],
  // Defaults of any type become text; RETURNING is a cast around the call.
  inferArguments: args => {
    if ((args.length !== 2 && args.length !== 6) || !args.slice(0, 2).every(isText)) return undefined
    return args.map(arg => (isCharacter(arg.type) ? arg.type : stringType(arg.type.nullable)))
  },
  nulls: 'custom',
  nullability: 'always',
  naive: jsonValue,
  doc: 'The scalar at a path as text. Without ON EMPTY and ON ERROR clauses what is not there is NULL.',
  examples: [
    { sql: `JSON_VALUE('{"a": true}', '$.a')`, result: "'true'" },
    {
      sql: `JSON_VALUE('{"a": [1, {"b": 12345678901234567890}]}', '$.a[1].b')`,
      result: "'12345678901234567890'",
    },
    { sql: `JSON_VALUE('{"a": 1.50}', 'lax $.a')`, result: "'1.5'" },
    { sql: `JSON_VALUE('{"a b": "x"}', '$[''a b'']')`, result: "'x'" },
    { sql: `JSON_VALUE('{}', 'lax $.a' DEFAULT 'none' ON EMPTY)`, result: "'none'" },
    { sql: `JSON_VALUE('{}', '$.a' DEFAULT 'none' ON ERROR)`, result: "'none'" },
    { sql: `JSON_VALUE('oops', '$.a')`, result: 'CAST(NULL AS STRING)' },
    { sql: `JSON_VALUE('{"a": "7"}', '$.a' RETURNING INT)`, result: '7' },
  ],
}

/** JSON_EXISTS(input, path, onError). */
export const jsonExists: ScalarSpec = {
  names: ['JSON_EXISTS'],
  signatures: ['(STRING, STRING) -> BOOLEAN', '(STRING, STRING, STRING) -> BOOLEAN'],
  nulls: 'propagate',
  nullability: 'always',
  naive: ([input, path, onError = 'FALSE']) => {
    const json = parseJson(input as string)
    const parsed = jsonPath(path as string)
    const found = json === undefined ? undefined : followPath(json, parsed.steps)
    if (found !== undefined) return true
    if (json !== undefined && parsed.isLax) return false
    if (onError === 'ERROR')
      throw invalidArgument('JSON_EXISTS', `path '${path}' fails on '${shortened(input as string)}'`)
    return onError === 'UNKNOWN' ? null : onError === 'TRUE'
  },
  doc: 'Whether the path leads to something.',
  examples: [
    { sql: `JSON_EXISTS('{"a": null}', '$.a')`, result: 'TRUE' },
    { sql: `JSON_EXISTS('{"a": 1}', '$.b')`, result: 'FALSE' },
    { sql: `JSON_EXISTS('{"a": 1}', 'strict $.b' UNKNOWN ON ERROR)`, result: 'CAST(NULL AS BOOLEAN)' },
  ],
}

function jsonQuery([
  input,
  path,
  wrapper = 'WITHOUT',
  onEmpty = 'NULL',
  onError = 'NULL',
]: readonly PlainValue[]): PlainValue {
  const behave = (behavior: PlainValue, why: string): PlainValue => {
    switch (behavior) {
      case 'EMPTY ARRAY':
        return '[]'
      case 'EMPTY OBJECT':
        return '{}'
      case 'ERROR':
        throw invalidArgument('JSON_QUERY', `${why} (path '${path}', value '${shortened(input as string)}')`)
      default:
        return null
    }
  }
  const json = parseJson(input as string)
  if (json === undefined) return behave(onError, 'the value is no JSON')
  const parsed = jsonPath(path as string)
  const found = followPath(json, parsed.steps)
  if (found === undefined) return behave(parsed.isLax ? onEmpty : onError, 'the path leads nowhere')
  if (wrapper === 'UNCONDITIONAL' || (wrapper === 'CONDITIONAL' && typeof found !== 'object'))
    return JSON.stringify([found])
  if (found === null) return behave(onEmpty, 'null at the path')
  return typeof found === 'object' ? JSON.stringify(found) : behave(onError, 'a scalar at the path')
}

/** JSON_QUERY(input, path, wrapper, onEmpty, onError). */
export const jsonQuerySpec: ScalarSpec = {
  names: ['JSON_QUERY'],
  signatures: ['(STRING, STRING) -> STRING', '(STRING, STRING, STRING, STRING, STRING) -> STRING'],
  nulls: 'propagate',
  nullability: 'always',
  naive: jsonQuery,
  doc: 'The object or array at a path as JSON text.',
  examples: [
    { sql: `JSON_QUERY('{"a": {"b": 1}}', '$.a')`, result: `'{"b":1}'` },
    { sql: `JSON_QUERY('[1, 2]', '$[0]', 'UNCONDITIONAL', 'NULL', 'NULL')`, result: "'[1]'" },
    { sql: `JSON_QUERY('{"a": 1}', '$.a')`, result: 'CAST(NULL AS STRING)' },
  ],
}
