/** JSON_OBJECT(onNull, k, v, …), JSON_ARRAY(onNull, v, …), JSON_STRING, JSON_QUOTE, JSON_UNQUOTE. */
import {
  decimalToString,
  formatTimestamp,
  instantOf,
  isCharacter,
  isTimestamp,
  type LogicalType,
  type PlainValue,
  stringType,
} from '../../../types/index.ts'
import { plainToText } from '../../cast/plain-text.ts'
import type { CallContext, ScalarSpec } from '../../function-spec.ts'
import { sessionZone } from '../temporal/local-time.ts'
import { parseJson } from './json-text.ts'

/** A value as JSON text: numbers as numbers, times in ISO 8601 form. */
function jsonText(value: PlainValue, type: LogicalType, call: CallContext): string {
  if (value === null) return 'null'
  const nested = (part: PlainValue, partType: LogicalType): string => jsonText(part, partType, call)
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return String(value)
    case 'DECIMAL':
      return decimalToString(value as bigint, type.scale)
    case 'FLOAT':
    case 'DOUBLE':
      return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value))
    case 'BINARY':
    case 'VARBINARY':
      return JSON.stringify(Buffer.from(value as Uint8Array).toString('base64'))
    case 'ARRAY':
      return `[${(value as readonly PlainValue[]).map(item => nested(item, type.element)).join(',')}]`
    case 'ROW': {
      const parts = value as readonly PlainValue[]
      return `{${type.fields.map((field, i) => `${JSON.stringify(field.name)}:${nested(parts[i]!, field.type)}`).join(',')}}`
    }
    case 'MAP': {
      const entries = [...(value as ReadonlyMap<PlainValue, PlainValue>)]
      const key = (part: PlainValue): string => JSON.stringify(plainToText(part, type.key, sessionZone(call)))
      return `{${entries.map(([k, v]) => `${key(k)}:${nested(v, type.value)}`).join(',')}}`
    }
    default:
      if (isTimestamp(type)) {
        const [ms, nanos] = instantOf(value)
        return JSON.stringify(
          formatTimestamp(ms, nanos, type.precision, 'T') + (type.kind === 'TIMESTAMP' ? '' : 'Z'),
        )
      }
      return JSON.stringify(plainToText(value, type, sessionZone(call)))
  }
}

export const jsonObject: ScalarSpec = {
  names: ['JSON_OBJECT'],
  signatures: ['(STRING, any...) -> STRING', '(STRING) -> STRING'],
  inferArguments: args => {
    if (args.length % 2 !== 1) return undefined
    const keysAreText = args.every((arg, i) => i === 0 || i % 2 === 0 || isCharacter(arg.type))
    return keysAreText ? args.map(arg => arg.type) : undefined
  },
  inferReturn: () => stringType(),
  nulls: 'custom',
  nullability: 'never',
  naive: ([onNull, ...entries], call) => {
    const parts: string[] = []
    for (let i = 0; i < entries.length; i += 2) {
      if (entries[i + 1] === null && onNull === 'ABSENT') continue
      parts.push(
        `${JSON.stringify(String(entries[i]))}:${jsonText(entries[i + 1]!, call.argumentTypes[i + 2]!, call)}`,
      )
    }
    return `{${parts.join(',')}}`
  },
  doc: "A JSON object of keys and values by turns; the first argument is 'NULL' or 'ABSENT' (ON NULL).",
  examples: [
    { sql: "JSON_OBJECT('NULL', 'a', 1, 'b', CAST(NULL AS STRING))", result: `'{"a":1,"b":null}'` },
    { sql: "JSON_OBJECT('ABSENT', 'a', 'x\"', 'b', CAST(NULL AS STRING))", result: `'{"a":"x\\""}'` },
  ],
}

export const jsonArray: ScalarSpec = {
  names: ['JSON_ARRAY'],
  signatures: ['(STRING, any...) -> STRING', '(STRING) -> STRING'],
  inferReturn: () => stringType(),
  nulls: 'custom',
  nullability: 'never',
  naive: ([onNull, ...items], call) => {
    const parts = items.map((item, i) =>
      item === null && onNull === 'ABSENT' ? undefined : jsonText(item, call.argumentTypes[i + 1]!, call),
    )
    return `[${parts.filter(part => part !== undefined).join(',')}]`
  },
  doc: "A JSON array of the values; the first argument is 'NULL' or 'ABSENT' (ON NULL).",
  examples: [
    { sql: "JSON_ARRAY('ABSENT', 1, 1.5, 'x', CAST(NULL AS INT), TRUE)", result: `'[1,1.5,"x",true]'` },
  ],
}

export const jsonString: ScalarSpec = {
  names: ['JSON_STRING'],
  signatures: ['(any) -> STRING'],
  nulls: 'propagate',
  naive: ([value], call) => jsonText(value!, call.argumentTypes[0]!, call),
  doc: 'The value as JSON text.',
  examples: [
    { sql: "JSON_STRING('a')", result: `'"a"'` },
    { sql: 'JSON_STRING(ARRAY[1, 2])', result: "'[1,2]'" },
  ],
}

export const jsonQuote: ScalarSpec = {
  names: ['JSON_QUOTE'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  naive: ([text]) => JSON.stringify(text),
  doc: 'The text as a JSON string.',
  examples: [{ sql: `JSON_QUOTE('a"b')`, result: `'"a\\"b"'` }],
}

export const jsonUnquote: ScalarSpec = {
  names: ['JSON_UNQUOTE'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  naive: ([text]) => {
    const json = parseJson(text as string)
    return typeof json === 'string' ? json : text!
  },
  doc: 'The text a JSON string stands for; anything else as it is.',
  examples: [
    { sql: `JSON_UNQUOTE('"a"')`, result: "'a'" },
    { sql: "JSON_UNQUOTE('[1]')", result: "'[1]'" },
  ],
}
