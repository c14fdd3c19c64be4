/** Arrays, maps and rows from checked JSON. Recursion is bounded by the depth of the SQL type. */
import { encodeUtf8, type LogicalType, type PlainValue, type TypeOfKind } from '../../types/index.ts'
import {
  type ConvertSettings,
  FieldProblem,
  type JsonConverter,
  conversionProblem as problem,
} from './field-problem.ts'
import { skipString, skipValue, skipWhitespace } from './scan.ts'
import { stringText } from './strings.ts'

/** Adds the element or field to the path of a problem on its way out. */
function inside<T>(name: string, convert: () => T): T {
  try {
    return convert()
  } catch (thrown) {
    throw thrown instanceof FieldProblem ? thrown.within(name) : thrown
  }
}

export function convertArray(type: LogicalType, element: JsonConverter): JsonConverter {
  return (bytes, view, start, end) => {
    if (bytes[start] !== 91) throw problem(bytes, start, end, type, 'expected an array')
    const values: PlainValue[] = []
    let p = skipWhitespace(bytes, start + 1, end)
    while (bytes[p] !== 93) {
      const stop = skipValue(bytes, view, p, end)
      values.push(inside(`[${values.length}]`, () => element(bytes, view, p, stop)))
      p = skipWhitespace(bytes, stop, end)
      if (bytes[p] === 44) p = skipWhitespace(bytes, p + 1, end)
    }
    return values
  }
}

/** Calls `visit` with the ranges of key (between the quotes) and value of every member of a checked object. */
function forEachRawMember(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void,
): void {
  let p = skipWhitespace(bytes, start + 1, end)
  while (bytes[p] !== 125) {
    const keyStart = p + 1
    const keyEnd = skipString(bytes, view, keyStart, end)
    p = skipWhitespace(bytes, keyEnd, end)
    p = skipWhitespace(bytes, p + 1, end)
    const stop = skipValue(bytes, view, p, end)
    visit(keyStart, keyEnd - 1, p, stop)
    p = skipWhitespace(bytes, stop, end)
    if (bytes[p] === 44) p = skipWhitespace(bytes, p + 1, end)
  }
}

/** Calls `visit(key, start, end)` for every member of a checked object, in order. */
export function forEachMember(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  visit: (key: string, valueStart: number, valueEnd: number) => void,
): void {
  forEachRawMember(bytes, view, start, end, (keyStart, keyEnd, from, to) => {
    visit(stringText(bytes, keyStart, keyEnd), from, to)
  })
}

export function convertMap(type: LogicalType, value: JsonConverter): JsonConverter {
  return (bytes, view, start, end) => {
    if (bytes[start] !== 123) throw problem(bytes, start, end, type, 'expected an object')
    // Ranges first: of repeated keys only the last value is converted.
    const ranges = new Map<string, readonly [from: number, to: number]>()
    forEachMember(bytes, view, start, end, (key, from, to) => void ranges.set(key, [from, to]))
    const entries = new Map<PlainValue, PlainValue>()
    for (const [key, [from, to]] of ranges) {
      entries.set(
        key,
        inside(`['${key}']`, () => value(bytes, view, from, to)),
      )
    }
    return entries
  }
}

/** The field whose name is the plain key `bytes[start, end)`, tried first at `guess`; -1 = none. */
function fieldOfKey(
  names: readonly Uint8Array[],
  guess: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  for (let i = 0; i < names.length; i++) {
    const field = (guess + i) % names.length
    const name = names[field]!
    if (name.length !== end - start) continue
    let at = 0
    while (at < name.length && name[at] === bytes[start + at]) at++
    if (at === name.length) return field
  }
  return -1
}

export function convertRow(
  type: TypeOfKind<'ROW'>,
  fields: readonly JsonConverter[],
  settings: ConvertSettings,
): JsonConverter {
  const names = type.fields.map(field => encodeUtf8(field.name))
  const convertField = (
    i: number,
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
  ): PlainValue => {
    try {
      return fields[i]!(bytes, view, start, end)
    } catch (thrown) {
      throw thrown instanceof FieldProblem ? thrown.within(type.fields[i]!.name) : thrown
    }
  }
  const missing = (i: number): null => {
    const field = type.fields[i]!
    if (settings.failOnMissingField) throw new FieldProblem('missing field', field.name)
    if (!field.type.nullable) throw new FieldProblem('missing, but the field is NOT NULL', field.name)
    return null
  }
  return (bytes, view, start, end) => {
    if (bytes[start] !== 123) throw problem(bytes, start, end, type, 'expected an object')
    // Ranges first: of repeated keys only the last value is converted.
    const ranges = new Int32Array(fields.length * 2)
    let guess = 0
    forEachRawMember(bytes, view, start, end, (keyStart, keyEnd, from, to) => {
      let field = fieldOfKey(names, guess, bytes, keyStart, keyEnd)
      if (field < 0 && bytes.subarray(keyStart, keyEnd).includes(92)) {
        const key = encodeUtf8(stringText(bytes, keyStart, keyEnd))
        field = fieldOfKey(names, guess, key, 0, key.length)
      }
      if (field < 0) return
      ranges[field * 2] = from
      ranges[field * 2 + 1] = to
      guess = field + 1
    })
    const values: PlainValue[] = []
    for (let i = 0; i < fields.length; i++) {
      const to = ranges[i * 2 + 1]!
      values.push(to > 0 ? convertField(i, bytes, view, ranges[i * 2]!, to) : missing(i))
    }
    return values
  }
}
