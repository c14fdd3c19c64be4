/**
 * Turns runs of records into the rows of one batch: value columns, key columns and metadata, each decoded for
 * exactly the columns the plan reads. Everything is reused; the batch is borrowed until the next one is begun.
 */
import { internalError, type MillraceError, runtimeFailure } from '../../../errors/index.ts'
import { DecodeError, type Decoder, type PayloadRun } from '../../../formats/format.ts'
import { type Batch, type Column, ROW_DELETE, ROW_INSERT } from '../../../types/index.ts'
import type { RecordRun } from '../records/record-run.ts'
import { fillMetadata, type MetadataTarget, type RunOrigin } from './metadata-columns.ts'

/** Which columns come from where; made once per reader. */
export interface RowLayout {
  readonly columns: readonly Column[]
  /** Rows of a batch at most. */
  readonly batchRows: number
  readonly valueDecoder: Decoder
  readonly valueColumns: readonly Column[]
  /** null when no wanted column comes from the key. */
  readonly keyDecoder: Decoder | null
  readonly keyColumns: readonly Column[]
  readonly metadata: readonly MetadataTarget[]
  /** `value.` when the format's options are written with it, else empty: for hints. */
  readonly valuePrefix: '' | 'value.'
  /** A null value is a delete with NULL in the value columns, instead of no row. */
  readonly upsert: boolean
}

class MutableBatch implements Batch {
  length = 0
  kinds: Uint8Array | null = null
  readonly columns: readonly Column[]

  constructor(columns: readonly Column[]) {
    this.columns = columns
  }
}

export interface RecordPlace {
  readonly topic: string
  readonly partition: number
}

export class RowAssembler {
  readonly #layout: RowLayout
  readonly #batch: MutableBatch
  readonly #records: Int32Array
  readonly #keyRecords: Int32Array
  readonly #keyStarts: Int32Array
  readonly #keyEnds: Int32Array
  readonly #kinds: Uint8Array
  #hasDeletes = false

  constructor(layout: RowLayout) {
    this.#layout = layout
    this.#batch = new MutableBatch(layout.columns)
    this.#records = new Int32Array(layout.batchRows)
    this.#keyRecords = new Int32Array(layout.batchRows)
    this.#keyStarts = new Int32Array(layout.batchRows)
    this.#keyEnds = new Int32Array(layout.batchRows)
    this.#kinds = new Uint8Array(layout.batchRows)
  }

  get numRows(): number {
    return this.#batch.length
  }

  get room(): number {
    return this.#layout.batchRows - this.#batch.length
  }

  begin(): void {
    this.#batch.length = 0
    this.#hasDeletes = false
    for (const column of this.#layout.columns) {
      column.reset()
      column.ensureCapacity(this.#layout.batchRows)
    }
  }

  /** Gives back the memory of columns and decoders. */
  close(): void {
    const { columns, valueDecoder, keyDecoder } = this.#layout
    for (const column of columns) column.release()
    valueDecoder.close?.()
    keyDecoder?.close?.()
  }

  /** The rows so far. */
  get batch(): Batch {
    this.#batch.kinds = this.#hasDeletes ? this.#kinds : null
    return this.#batch
  }

  /** Appends the records of a run; there must be room for all of them. */
  append(run: RecordRun, place: RecordPlace, origin: RunOrigin): void {
    const from = this.#batch.length
    const { upsert, metadata } = this.#layout
    const to = upsert
      ? this.#decodeUpserts(run, place, from)
      : this.#decodeValues(run, place, 0, run.length, from)
    if (this.#layout.keyDecoder !== null) this.#decodeKeys(this.#layout.keyDecoder, run, place, from, to)
    for (const target of metadata) fillMetadata(target, run, this.#records, from, to, origin)
    this.#batch.length = to
  }

  #decodeValues(run: RecordRun, place: RecordPlace, first: number, last: number, row: number): number {
    const { valueDecoder, valueColumns } = this.#layout
    try {
      return valueDecoder.decode(run.values, first, last, valueColumns, this.#records, row)
    } catch (error) {
      throw malformed(error, 'value', this.#layout.valuePrefix, run, place, null)
    }
  }

  /** Runs of values by the decoder, null values between them as deletes. */
  #decodeUpserts(run: RecordRun, place: RecordPlace, start: number): number {
    let row = start
    for (let i = 0; i < run.length; ) {
      const isDelete = run.valueStarts[i]! < 0
      let end = i + 1
      while (end < run.length && run.valueStarts[end]! < 0 === isDelete) end++
      if (isDelete) {
        this.#hasDeletes = true
        for (; i < end; i++, row++) {
          for (const column of this.#layout.valueColumns) setNull(column, row)
          this.#records[row] = i
          this.#kinds[row] = ROW_DELETE
        }
      } else {
        const next = this.#decodeValues(run, place, i, end, row)
        this.#kinds.fill(ROW_INSERT, row, next)
        row = next
        i = end
      }
    }
    return row
  }

  /** Keys of the records that gave rows. A record without a key, or with one that is skipped, gets NULLs. */
  #decodeKeys(decoder: Decoder, run: RecordRun, place: RecordPlace, from: number, to: number): void {
    const count = to - from
    for (let i = 0; i < count; i++) {
      const record = this.#records[from + i]!
      this.#keyStarts[i] = run.keyStarts[record]!
      this.#keyEnds[i] = run.keyEnds[record]!
    }
    const keys: PayloadRun = { bytes: run.bytes, starts: this.#keyStarts, ends: this.#keyEnds, length: count }
    const { keyColumns } = this.#layout
    for (let i = 0; i < count; ) {
      let end = i
      while (end < count && this.#keyStarts[end]! >= 0) end++
      i = this.#decodeKeyRun(decoder, keys, run, place, i, end, from)
      for (; i < count && this.#keyStarts[i]! < 0; i++)
        for (const column of keyColumns) setNull(column, from + i)
    }
  }

  /** Non-null keys `[first, last)`. Where the decoder skips one, the rest is decoded one by one. */
  #decodeKeyRun(
    decoder: Decoder,
    keys: PayloadRun,
    run: RecordRun,
    place: RecordPlace,
    first: number,
    last: number,
    base: number,
  ): number {
    const { keyColumns } = this.#layout
    try {
      for (let i = first; i < last; ) {
        const skippedBefore = decoder.numSkippedErrors + decoder.numSkippedNulls
        const row = base + i
        // The whole run at first; after a skip the decoder's rows are behind, so what follows is laid again.
        const end = decoder.decode(keys, i, last, keyColumns, this.#keyRecords, row)
        if (decoder.numSkippedErrors + decoder.numSkippedNulls === skippedBefore) return last
        i = this.#realign(end, row, i)
        for (const column of keyColumns) {
          column.nulls?.fill(0, base + i)
          setNull(column, base + i)
        }
        i++
      }
      return last
    } catch (error) {
      throw malformed(error, 'key', 'key.', run, place, this.#records.subarray(base))
    }
  }

  /** The first key the decoder skipped: rows up to it are right. */
  #realign(end: number, row: number, first: number): number {
    let i = first
    while (row < end && this.#keyRecords[row] === i) {
      row++
      i++
    }
    return i
  }
}

function setNull(column: Column, row: number): void {
  if (column.storage === 'bytes') column.appendNull(row)
  else column.setNull(row)
}

/** Names topic, partition and offset of a record that does not decode, and the option that would skip it. */
function malformed(
  error: unknown,
  part: 'key' | 'value',
  prefix: string,
  run: RecordRun,
  { topic, partition }: RecordPlace,
  records: Int32Array | null,
): MillraceError | unknown {
  if (!(error instanceof DecodeError)) return error
  const { record, message, skipOption } = error.failure
  const index = records === null ? record : records[record]
  if (index === undefined) return internalError('a decode failure names no record', { cause: error })
  return runtimeFailure(
    'MR_KAFKA_MALFORMED_RECORD',
    `The ${part} of topic '${topic}' partition ${partition} offset ${run.offsets[index]} cannot be read: ${message}.`,
    {
      hint:
        skipOption === undefined ? undefined : `Set '${prefix}${skipOption}' = 'true' to skip such records.`,
      cause: error,
    },
  )
}
