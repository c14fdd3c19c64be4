/**
 * The contract of formats: bytes in, columns out, and back. A decoder is made for exactly the columns a plan
 * reads, so projection push-down reaches the bytes. Both directions work on whole runs of records with
 * typed-array offsets; nothing is allocated per record on the fast path.
 */
import type { OptionSpec } from '../catalog/index.ts'
import type { Batch, Column, LogicalType } from '../types/index.ts'

export interface FormatField {
  readonly name: string
  readonly type: LogicalType
}

/** A run of payloads: record i is `bytes[starts[i], ends[i])`; `starts[i] < 0` = null payload. */
export interface PayloadRun {
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly length: number
}

/** Thrown facts of a malformed record; the connector adds topic, partition and offset. */
export interface DecodeFailure {
  /** Index in the run. */
  readonly record: number
  readonly message: string
  /** The option that would skip it, e.g. `json.ignore-parse-errors`. */
  readonly skipOption: string | undefined
}

export class DecodeError extends Error {
  readonly failure: DecodeFailure

  constructor(failure: DecodeFailure) {
    super(failure.message)
    this.name = 'DecodeError'
    this.failure = failure
  }
}

export interface Decoder {
  /**
   * Decodes records `[from, to)` of the run, appending one row per good record to `columns` (one per wanted
   * field, in order) from row `row` on; `records[row]` gets the record's index in the run, so that the caller
   * can line up keys and metadata. Skipped records (null payloads, ignored errors) write no row.
   * Returns the number of rows after the call. Throws DecodeError on a malformed record.
   * The caller has called `ensureCapacity(row + to - from)` on every column and on `records`.
   */
  decode(
    run: PayloadRun,
    from: number,
    to: number,
    columns: readonly Column[],
    records: Int32Array,
    row: number,
  ): number
  /** Records skipped because of an ignored parse error, since creation. */
  readonly numSkippedErrors: number
  /** Null payloads skipped, since creation. */
  readonly numSkippedNulls: number
  /** Fields set to NULL because of an ignored conversion error, since creation. */
  readonly numFieldErrors?: number
  /** Gives back memory that is not the garbage collector's. The decoder may not be used after it. */
  close?(): void
}

/** Growing byte buffer that encoders write to; reused between batches. */
export interface ByteSink {
  bytes: Uint8Array
  length: number
  /** Makes room for `extra` bytes beyond `length`; `bytes` may be replaced. */
  reserve(extra: number): void
}

/** Row i of a batch is `bytes[offsets[i], offsets[i + 1])`, in the kernels' arena. Borrowed until the next call. */
export interface EncodedRows {
  readonly bytes: Uint8Array
  readonly offsets: Int32Array
}

export interface Encoder {
  /** Appends the encoding of row `row` to `out`. No framing. Throws MillraceError on a value it cannot write. */
  encode(batch: Batch, row: number, out: ByteSink): void
  /** All rows of a batch at once, by a kernel; null when it cannot (then `encode` row by row). */
  encodeRows?(batch: Batch): EncodedRows | null
  /** Gives back memory that is not the garbage collector's. The encoder may not be used after it. */
  close?(): void
}

export interface FormatContext {
  /** Options with the format's own prefix removed (`json.ignore-parse-errors` → `ignore-parse-errors`). */
  readonly options: Readonly<Record<string, string>>
  /** IANA zone of `table.local-time-zone`. */
  readonly timeZone: string
}

export interface DecoderRequest {
  /** Every physical field the payload may carry, in table order. */
  readonly fields: readonly FormatField[]
  /** Positions in `fields` that are read, in the order of the columns given to `decode`. */
  readonly wanted: readonly number[]
}

export interface Format {
  readonly name: string
  readonly options: readonly OptionSpec[]
  createDecoder(request: DecoderRequest, context: FormatContext): Decoder
  /** `columns[i]` = position in the batch of `fields[i]`. */
  createEncoder(fields: readonly FormatField[], columns: readonly number[], context: FormatContext): Encoder
}
