/** Rows given as JavaScript values, by field name or in field order, into a batch builder. */
import { validationError } from '../../errors/index.ts'
import {
  type BatchBuilder,
  fromJsValue,
  type JsRow,
  type JsValue,
  type RowKind,
  rowKindNames,
  writePlain,
} from '../../types/index.ts'
import type { PhysicalField } from './columns.ts'

export type JsRowInput = JsRow | readonly JsValue[]

/** A change of a table: a row and how it changes. */
export interface JsChange {
  readonly kind: RowKind
  readonly row: JsRow
}

export class RowsToBatch {
  readonly #table: string
  readonly #fields: readonly PhysicalField[]
  /** Positions of the wanted fields, in the order of the batch's columns. */
  readonly #wanted: readonly number[]

  constructor(table: string, fields: readonly PhysicalField[], wanted: readonly number[]) {
    this.#table = table
    this.#fields = fields
    this.#wanted = wanted
  }

  /**
   * Appends one row. Throws ValidationError MR_VALUE_TYPE for a value that does not fit its column, MR_VALUE_ROW for
   * a row with too many or too few values or an unknown field; then nothing was appended.
   */
  append(builder: BatchBuilder, input: JsRowInput, kind: RowKind): void {
    const isArray = Array.isArray(input)
    if (isArray && input.length !== this.#fields.length) {
      throw this.#refuse(`${input.length} values for ${this.#fields.length} columns`)
    }
    if (!isArray) this.#checkNames(input as JsRow)
    const values = this.#wanted.map(position => {
      const { name, type } = this.#fields[position]!
      const value = isArray ? (input as readonly JsValue[])[position] : (input as JsRow)[name]
      return fromJsValue(value, type, `table '${this.#table}', column '${name}'`)
    })
    const row = builder.addRow(rowKindNames.indexOf(kind))
    for (const [c, value] of values.entries()) writePlain(builder.columns[c]!, row, value)
  }

  #checkNames(row: JsRow): void {
    for (const name of Object.keys(row)) {
      if (!this.#fields.some(field => field.name === name)) throw this.#refuse(`unknown column '${name}'`)
    }
  }

  #refuse(why: string) {
    return validationError('MR_VALUE_ROW', `table '${this.#table}' was given a row with ${why}`, {
      expected: this.#fields.map(field => field.name),
    })
  }
}
