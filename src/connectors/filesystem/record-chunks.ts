/**
 * Cuts a stream of bytes into records, one a line, a chunk at a time. A line end inside CSV quotes belongs to the
 * record. One buffer is reused; it grows only for a record that does not fit.
 */
import { connectorError } from '../../errors/index.ts'
import type { PayloadRun } from '../../formats/format.ts'
import type { FileBytes } from './file-bytes.ts'

const CHUNK_BYTES = 1 << 20
const MAX_RECORD_BYTES = 256 << 20

/** Which bytes hide a line end; -1 = none. */
export interface RecordSyntax {
  readonly quote: number
  readonly escapeByte: number
}

export class RecordChunks implements PayloadRun {
  bytes: Uint8Array = new Uint8Array(CHUNK_BYTES)
  starts: Int32Array = new Int32Array(4096)
  ends: Int32Array = new Int32Array(4096)
  length = 0
  /** Offset in the file of `bytes[0]`. */
  base: number
  readonly #source: FileBytes
  readonly #syntax: RecordSyntax
  /** Bytes of `bytes` that hold data. */
  #filled = 0
  /** Where the first record without an end begins. */
  #pending = 0
  #ended = false

  constructor(source: FileBytes, syntax: RecordSyntax, offset: number) {
    this.#source = source
    this.#syntax = syntax
    this.base = offset
  }

  /** Offset in the file behind record `i` and its line end. */
  offsetBehind(i: number): number {
    const end = this.ends[i]!
    return this.base + (i + 1 < this.length ? this.starts[i + 1]! : end < this.#filled ? end + 1 : end)
  }

  /** Replaces the records by the next ones; false at the end of the file. */
  async next(): Promise<boolean> {
    this.length = 0
    while (this.length === 0) {
      if (this.#ended) return this.#takeLast()
      this.#makeRoom()
      const numRead = await this.#source.read(this.bytes, this.#filled)
      if (numRead === 0) this.#ended = true
      this.#filled += numRead
      this.#split()
    }
    return true
  }

  /** Moves the record that is not complete to the front. */
  #makeRoom(): void {
    if (this.#pending > 0) {
      this.bytes.copyWithin(0, this.#pending, this.#filled)
      this.base += this.#pending
      this.#filled -= this.#pending
      this.#pending = 0
    }
    if (this.#filled < this.bytes.length) return
    if (this.#filled >= MAX_RECORD_BYTES) {
      throw connectorError(
        'MR_FILESYSTEM_RECORD_TOO_LONG',
        `the record at byte ${this.base} has no end within ${MAX_RECORD_BYTES} bytes`,
        { hint: 'Is a closing quote missing, or is the file not one record a line?' },
      )
    }
    const grown = new Uint8Array(this.bytes.length * 2)
    grown.set(this.bytes)
    this.bytes = grown
  }

  #split(): void {
    const { quote, escapeByte } = this.#syntax
    let start = this.#pending
    for (;;) {
      const end = quote < 0 && escapeByte < 0 ? this.#lineEnd(start) : this.#quotedLineEnd(start)
      if (end < 0) break
      this.#put(start, end)
      start = end + 1
    }
    this.#pending = start
  }

  #lineEnd(from: number): number {
    const end = this.bytes.indexOf(10, from)
    return end >= this.#filled ? -1 : end
  }

  #quotedLineEnd(from: number): number {
    const { quote, escapeByte } = this.#syntax
    let inQuotes = false
    for (let p = from; p < this.#filled; p++) {
      const c = this.bytes[p]!
      if (c === escapeByte) p++
      else if (c === quote) inQuotes = !inQuotes
      else if (c === 10 && !inQuotes) return p
    }
    return -1
  }

  /** What is behind the last line end. */
  #takeLast(): boolean {
    if (this.#pending === this.#filled) return false
    this.#put(this.#pending, this.#filled)
    this.#pending = this.#filled
    return true
  }

  #put(start: number, end: number): void {
    if (this.length === this.starts.length) {
      const starts = new Int32Array(this.length * 2)
      starts.set(this.starts)
      this.starts = starts
      const ends = new Int32Array(this.length * 2)
      ends.set(this.ends)
      this.ends = ends
    }
    this.starts[this.length] = start
    this.ends[this.length++] = end
  }
}
