/**
 * Runs a format's decoder over the payloads of a case and compares what came out with what a reference says of each
 * record: values, refused records, counters.
 */
import { isDeepStrictEqual } from 'node:util'
import { DecodeError, type Decoder, type FormatField, type PayloadRun } from '../src/formats/format.ts'
import {
  type Column,
  type ColumnMemory,
  createColumns,
  heapMemory,
  type PlainValue,
  parseTypeText,
  readPlain,
} from '../src/types/index.ts'
import type { ReferenceRecord } from './reference/record.ts'
import { Finding } from './target.ts'

export interface DecoderSetup {
  readonly fields: readonly (readonly [name: string, type: string])[]
  readonly wanted: readonly number[]
  readonly options: Readonly<Record<string, string>>
  /** Bytes before, between and behind the records: what a decoder must never look at. */
  readonly around: string
  /** Records a call to `decode`. */
  readonly chunk: number
}

export interface Outcome {
  readonly rows: readonly { readonly record: number; readonly values: readonly PlainValue[] }[]
  /** Records refused with a DecodeError. */
  readonly refused: readonly number[]
  readonly counters: readonly [errors: number, nulls: number, fields: number]
}

/** Where columns and payloads stand: the WebAssembly kernel writes arena columns only, and copies other payloads. */
export interface Places {
  readonly columns: ColumnMemory
  readonly payloads: ColumnMemory
}

export const onHeap: Places = { columns: heapMemory, payloads: heapMemory }

/** The records in one buffer that starts at an odd address, each surrounded by `around`. */
function runOf(parts: readonly Uint8Array[], around: Uint8Array, memory: ColumnMemory): PayloadRun {
  const total = parts.reduce((sum, part) => sum + part.length + around.length, around.length)
  const { buffer, byteOffset } = memory.allocate(total + 3)
  const bytes = new Uint8Array(buffer, byteOffset + 3, total)
  const starts = new Int32Array(parts.length)
  const ends = new Int32Array(parts.length)
  bytes.set(around)
  let at = around.length
  for (const [i, part] of parts.entries()) {
    starts[i] = at
    bytes.set(part, at)
    at += part.length
    ends[i] = at
    bytes.set(around, at)
    at += around.length
  }
  return { bytes, starts, ends, length: parts.length }
}

/** Empty columns for the fields; they may serve several runs. */
export const columnsFor = (wanted: readonly FormatField[], places: Places): readonly Column[] =>
  createColumns(
    wanted.map(field => field.type),
    0,
    places.columns,
  )

/** Decodes the run in chunks, going on behind every record that is refused. */
export function decodeRun(
  decoder: Decoder,
  wanted: readonly FormatField[],
  parts: readonly Uint8Array[],
  { around, chunk }: DecoderSetup,
  places: Places = onHeap,
  columns: readonly Column[] = columnsFor(wanted, places),
): Outcome {
  const run = runOf(parts, Buffer.from(around, 'latin1'), places.payloads)
  const before = countersOf(decoder)
  for (const column of columns) column.reset()
  const records = new Int32Array(parts.length)
  const rows: { record: number; values: PlainValue[] }[] = []
  const refused: number[] = []
  const read = (from: number, to: number) => {
    for (let row = from; row < to; row++) {
      rows.push({
        record: records[row]!,
        values: columns.map((column, k) => readPlain(column, row, wanted[k]!.type)),
      })
    }
  }
  let row = 0
  let chunkEnd = 0
  for (let from = 0; from < parts.length; ) {
    if (from === chunkEnd) chunkEnd = Math.min(parts.length, from + chunk)
    for (const column of columns) column.ensureCapacity(row + chunkEnd - from)
    try {
      row = decoder.decode(run, from, chunkEnd, columns, records, row)
      from = chunkEnd
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      const { record } = error.failure
      if (!(record >= from && record < chunkEnd))
        throw new Finding(`error for record ${record}, read ${from}`)
      refused.push(record)
      // The rows of the failed call were not given back: the caller starts over behind the bad record.
      if (record > from) {
        row = decoder.decode(run, from, record, columns, records, row)
      }
      from = record + 1
      if (from === chunkEnd) continue
    }
  }
  read(0, row)
  places.payloads.release(new Uint8Array(run.bytes.buffer, run.bytes.byteOffset - 3))
  const after = countersOf(decoder)
  return { rows, refused, counters: [after[0] - before[0], after[1] - before[1], after[2] - before[2]] }
}

const countersOf = (decoder: Decoder): [number, number, number] => [
  decoder.numSkippedErrors,
  decoder.numSkippedNulls,
  decoder.numFieldErrors ?? 0,
]

/** The same outcome from what the reference says of each record. */
export function expectedOutcome(answers: readonly ReferenceRecord[], ignoreErrors: boolean): Outcome {
  const rows = answers.flatMap((answer, record) =>
    answer.kind === 'row' ? [{ record, values: answer.values }] : [],
  )
  const refused = answers.flatMap((answer, record) => (answer.kind === 'refused' ? [record] : []))
  const numFieldErrors = answers.reduce(
    (sum, answer) => sum + (answer.kind === 'row' ? answer.numFieldErrors : 0),
    0,
  )
  const numEmpty = answers.filter(answer => answer.kind === 'empty').length
  return {
    rows,
    refused: ignoreErrors ? [] : refused,
    counters: [ignoreErrors ? refused.length : 0, numEmpty, numFieldErrors],
  }
}

/** Throws at the first record that differs. */
export function compareOutcomes(
  actual: Outcome,
  expected: Outcome,
  parts: readonly Uint8Array[],
  which: string,
): void {
  const show = (record: number) =>
    JSON.stringify(Buffer.from(parts[record]!).toString('latin1')).slice(0, 300)
  for (let i = 0; i < Math.max(actual.rows.length, expected.rows.length); i++) {
    const [is, should] = [actual.rows[i], expected.rows[i]]
    if (is === undefined || should === undefined || is.record !== should.record) {
      const record = Math.min(is?.record ?? parts.length, should?.record ?? parts.length)
      const what = is?.record === record ? 'read, but must be refused' : 'not read, but is well formed'
      throw new Finding(`${which} record ${what}: ${show(record)}`)
    }
    for (const [k, value] of should.values.entries()) {
      if (isDeepStrictEqual(is.values[k], value)) continue
      const values = `${inspected(is.values[k])}, expected ${inspected(value)}`
      throw new Finding(`${which} record, column ${k}: value ${values}: ${show(is.record)}`)
    }
  }
  if (!isDeepStrictEqual(actual.refused, expected.refused))
    throw new Finding(`${which}: refused [${actual.refused}], expected [${expected.refused}]`)
  const countersMatch = expected.refused.length > 0 || isDeepStrictEqual(actual.counters, expected.counters)
  if (!countersMatch)
    throw new Finding(`${which}: counters ${actual.counters}, expected ${expected.counters}`)
}

const inspected = (value: unknown) =>
  JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`
    if (inner instanceof Map) return [...inner]
    return Object.is(inner, -0) ? '-0' : inner
  })?.slice(0, 200) ?? 'undefined'

export const fieldsOf = (setup: DecoderSetup): FormatField[] =>
  setup.fields.map(([name, type]) => ({ name, type: parseTypeText(type) }))

/** What may lie around records in a buffer. */
export const surroundings = [
  '',
  '"}]9',
  '\n',
  '}',
  '"',
  ' ',
  '\0',
  '{"',
  '\xff\xff\xff\xff',
  '0123456789',
  ':":1,"',
]
