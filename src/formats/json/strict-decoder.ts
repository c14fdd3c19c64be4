/** `json.strict`: also converts the fields nobody reads, so that a wrong type anywhere is an error, as in Flink. */
import { type Column, createColumns } from '../../types/index.ts'
import type { Decoder, DecoderRequest, FormatContext, PayloadRun } from '../format.ts'
import { JsonDecoder } from './decoder.ts'

export class StrictJsonDecoder implements Decoder {
  readonly #decoder: JsonDecoder
  /** Columns of the fields that are only checked. */
  readonly #checked: readonly Column[]

  constructor(request: DecoderRequest, context: FormatContext) {
    const wanted = new Set(request.wanted)
    const others = request.fields.flatMap((_, position) => (wanted.has(position) ? [] : [position]))
    this.#decoder = new JsonDecoder({ ...request, wanted: [...request.wanted, ...others] }, context)
    this.#checked = createColumns(
      others.map(position => request.fields[position]!.type),
      0,
    )
  }

  get numSkippedErrors(): number {
    return this.#decoder.numSkippedErrors
  }

  get numSkippedNulls(): number {
    return this.#decoder.numSkippedNulls
  }

  get numFieldErrors(): number {
    return this.#decoder.numFieldErrors
  }

  decode(
    run: PayloadRun,
    from: number,
    to: number,
    columns: readonly Column[],
    records: Int32Array,
    row: number,
  ): number {
    for (const column of this.#checked) {
      column.reset()
      column.ensureCapacity(row + to - from)
      // Rows of string columns are written in order: those before `row` are empty.
      if (column.storage === 'bytes') column.offsets.fill(0, 0, row + 1)
    }
    return this.#decoder.decode(run, from, to, [...columns, ...this.#checked], records, row)
  }
}
