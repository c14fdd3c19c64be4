/** Equality and order of plain values, for naive bodies, arrays and rows. */
import { compareBytes, encodeUtf8, type PlainValue } from '../types/index.ts'

const isTuple = (value: PlainValue): value is readonly PlainValue[] => Array.isArray(value)

/** SQL equality inside collections: NULL equals NULL there. */
export function plainEquals(a: PlainValue, b: PlainValue): boolean {
  if (a === null || b === null) return a === b
  if (isTuple(a) && isTuple(b)) return a.length === b.length && a.every((item, i) => plainEquals(item, b[i]!))
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return compareBytes(a, 0, a.length, b, 0, b.length) === 0
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false
    for (const [key, value] of a) {
      const other = mapGet(b, key)
      if (other === undefined || !plainEquals(value, other)) return false
    }
    return true
  }
  return a === b
}

/** Map lookup by SQL equality: keys may be bytes or tuples. */
export function mapGet(map: ReadonlyMap<PlainValue, PlainValue>, key: PlainValue): PlainValue | undefined {
  const direct = map.get(key)
  if (direct !== undefined || typeof key !== 'object') return direct
  for (const [candidate, value] of map) if (plainEquals(candidate, key)) return value
  return undefined
}

/** Order of two non-NULL values of one comparable type: negative, 0 or positive. */
export function plainCompare(a: PlainValue, b: PlainValue): number {
  if (typeof a === 'string' && typeof b === 'string') {
    const left = encodeUtf8(a)
    const right = encodeUtf8(b)
    return compareBytes(left, 0, left.length, right, 0, right.length)
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, 0, a.length, b, 0, b.length)
  if (isTuple(a) && isTuple(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = plainCompare(a[i]!, b[i]!)
      if (order !== 0) return order
    }
    return a.length - b.length
  }
  const left = a as number | bigint | boolean
  const right = b as number | bigint | boolean
  return left < right ? -1 : left > right ? 1 : 0
}
