/** Arrays, maps and rows from checked JSON. Recursion is bounded by the depth of the SQL type. */
import type { LogicalType, PlainValue, TypeOfKind } from '../../types/index.ts'
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

/** Calls `visit(key, start, end)` for every member of a checked object, in order. */
export function forEachMember(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  visit: (key: string, valueStart: number, valueEnd: number) => void,
): void {
  let p = skipWhitespace(bytes, start + 1, end)
  while (bytes[p] !== 125) {
    const keyEnd = skipString(bytes, view, p + 1, end)
    const key = stringText(bytes, p + 1, keyEnd - 1)
    p = skipWhitespace(bytes, keyEnd, end)
    p = skipWhitespace(bytes, p + 1, end)
    const stop = skipValue(bytes, view, p, end)
    visit(key, p, stop)
    p = skipWhitespace(bytes, stop, end)
    if (bytes[p] === 44) p = skipWhitespace(bytes, p + 1, end)
  }
}

export function convertMap(type: LogicalType, value: JsonConverter): JsonConverter {
  return (bytes, view, start, end) => {
    if (bytes[start] !== 123) throw problem(bytes, start, end, type, 'expected an object')
    const entries = new Map<PlainValue, PlainValue>()
    forEachMember(bytes, view, start, end, (key, from, to) => {
      entries.set(
        key,
        inside(`['${key}']`, () => value(bytes, view, from, to)),
      )
    })
    return entries
  }
}

export function convertRow(
  type: TypeOfKind<'ROW'>,
  fields: readonly JsonConverter[],
  settings: ConvertSettings,
): JsonConverter {
  const positions = new Map(type.fields.map((field, i) => [field.name, i]))
  return (bytes, view, start, end) => {
    if (bytes[start] !== 123) throw problem(bytes, start, end, type, 'expected an object')
    const starts = new Array<number>(fields.length).fill(-1)
    const ends = new Array<number>(fields.length).fill(-1)
    forEachMember(bytes, view, start, end, (key, from, to) => {
      const position = positions.get(key)
      if (position === undefined) return
      starts[position] = from
      ends[position] = to
    })
    return fields.map((convert, i) => {
      const field = type.fields[i]!
      if (starts[i]! >= 0) return inside(field.name, () => convert(bytes, view, starts[i]!, ends[i]!))
      if (settings.failOnMissingField) throw new FieldProblem('missing field', field.name)
      if (!field.type.nullable) throw new FieldProblem('missing, but the field is NOT NULL', field.name)
      return null
    })
  }
}
