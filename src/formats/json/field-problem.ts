/** Why one field could not be converted, and the shape of the functions that find out. */
import { decodeUtf8, type LogicalType, type PlainValue } from '../../types/index.ts'

export class FieldProblem extends Error {
  /** Nested fields and elements down to the value, e.g. `items[2].price`. */
  path: string

  constructor(message: string, path = '') {
    super(message)
    this.name = 'FieldProblem'
    this.path = path
  }

  /** Adds the name of a surrounding field. */
  within(name: string): this {
    this.path = this.path === '' || this.path.startsWith('[') ? name + this.path : `${name}.${this.path}`
    return this
  }
}

export interface ConvertSettings {
  readonly failOnMissingField: boolean
  readonly ignoreParseErrors: boolean
  readonly isoTimestamps: boolean
  readonly zeroTimestampIsNull: boolean
  /** Called for each nested field set to NULL because of an ignored error. */
  readonly onIgnoredError: () => void
}

/** Converts the value at `[start, end)`; throws FieldProblem. JSON null gives null. */
export type JsonConverter = (bytes: Uint8Array, view: DataView, start: number, end: number) => PlainValue

const MAX_SHOWN = 60

export function conversionProblem(
  bytes: Uint8Array,
  start: number,
  end: number,
  type: LogicalType,
  why = '',
): FieldProblem {
  const text = decodeUtf8(bytes, start, Math.min(end, start + MAX_SHOWN))
  const shown = end - start > MAX_SHOWN ? `${text}…` : text
  return new FieldProblem(`cannot read ${shown} as ${type.kind}${why === '' ? '' : `: ${why}`}`)
}
