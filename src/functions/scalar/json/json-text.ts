/** JSON documents of rows: the last one is kept, since several functions of a row often read the same column. */
import { doubleToString } from '../../../types/index.ts'
import { remembered } from '../../pattern/pattern-cache.ts'
import { followPath, type Json, type JsonPath, parseJsonPath } from './json-path.ts'

export const jsonPath: (text: string) => JsonPath = remembered(parseJsonPath)

let lastText: string | undefined
let lastJson: Json | undefined

/** undefined for what is no JSON. */
export function parseJson(text: string): Json | undefined {
  if (text === lastText) return lastJson
  let json: Json | undefined
  try {
    json = JSON.parse(text) as Json
  } catch {
    json = undefined
  }
  lastText = text
  lastJson = json
  return json
}

/** Numbers as they stand in the text. */
class ExactNumber {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

/** The text of a scalar found at a path: integers exactly, doubles as Java prints them. */
export function scalarText(value: Json, text: string, path: JsonPath): string {
  if (typeof value !== 'number') return String(value)
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value)
  const source = exactSource(text, path)
  return /^-?\d+$/.test(source) ? source : doubleToString(value)
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

function exactSource(text: string, path: JsonPath): string {
  const reviver: Reviver = (_, value, context) =>
    typeof value === 'number' ? new ExactNumber(context.source ?? String(value)) : value
  const exact = JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as Json
  const found: unknown = followPath(exact, path.steps)
  return found instanceof ExactNumber ? found.source : String(found)
}
