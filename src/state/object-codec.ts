/**
 * Text of object values (nested types and big decimals) in state and keys: JSON, where what JSON lacks is an
 * object with one `$` member: {"$n":"12"} bigint, {"$f":"NaN"} a number without JSON form, {"$b":"…"} bytes in
 * base64, {"$m":[[key, value], …]} a Map with entries in the order of their key's text. Equal values have equal
 * text, so it serves as key encoding too.
 */
import { internalError } from '../errors/index.ts'

function toJson(value: unknown): unknown {
  if (value === undefined || value === null) return null
  switch (typeof value) {
    case 'bigint':
      return { $n: value.toString() }
    case 'number':
      return Number.isFinite(value) ? (value === 0 ? 0 : value) : { $f: String(value) }
    case 'string':
    case 'boolean':
      return value
    case 'object':
      if (Array.isArray(value)) return value.map(toJson)
      if (value instanceof Uint8Array) return { $b: Buffer.from(value).toString('base64') }
      if (value instanceof Map) return { $m: mapEntries(value) }
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]))
    default:
      throw internalError(`a ${typeof value} cannot be kept in state`)
  }
}

function mapEntries(map: ReadonlyMap<unknown, unknown>): unknown[] {
  const entries = [...map].map(([key, value]) => ({
    text: encodeObject(key),
    pair: [toJson(key), toJson(value)],
  }))
  entries.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  return entries.map(entry => entry.pair)
}

function fromJson(json: unknown): unknown {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return json.map(fromJson)
  const members = json as Record<string, unknown>
  if (typeof members['$n'] === 'string') return BigInt(members['$n'])
  if (typeof members['$f'] === 'string') return Number(members['$f'])
  if (typeof members['$b'] === 'string') return new Uint8Array(Buffer.from(members['$b'], 'base64'))
  if (Array.isArray(members['$m'])) {
    return new Map((members['$m'] as unknown[][]).map(([key, value]) => [fromJson(key), fromJson(value)]))
  }
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, fromJson(member)]))
}

export const encodeObject = (value: unknown): string => JSON.stringify(toJson(value))
export const decodeObject = (text: string): unknown => fromJson(JSON.parse(text))

/** Equality of two object values, NULL members equal to each other. */
export const sameObject = (a: unknown, b: unknown): boolean => a === b || encodeObject(a) === encodeObject(b)
