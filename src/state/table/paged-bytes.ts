/**
 * Paged column of byte strings: address and length of each value in the table's heap, side by side, because whoever
 * reads one reads the other. NULL and empty values have length 0.
 */
import { internalError } from '../../errors/index.ts'
import type { Column, LogicalType } from '../../types/index.ts'
import { decodeObject } from '../object-codec.ts'
import type { ByteHeap } from './byte-heap.ts'
import { type Elements, PagedBase } from './paged-base.ts'

const utf8 = new TextDecoder()

const grown = (old: Int32Array, size: number): Int32Array => {
  const array = new Int32Array(size)
  array.set(old)
  return array
}

export class PagedBytes extends PagedBase {
  readonly storage = 'bytes'
  /** Row `at` of a page: address at 2 × at (unsigned), length at 2 × at + 1. */
  spans: Int32Array[] = []
  readonly heap: ByteHeap

  constructor(type: LogicalType, heap: ByteHeap) {
    super(type)
    this.heap = heap
  }

  /** Replaces the value by a copy of `source[start, end)`. */
  setBytes(page: number, at: number, source: Uint8Array, start: number, end: number): void {
    this.clearValue(page, at)
    const spans = this.spans[page]!
    spans[2 * at] = this.heap.store(source, start, end)
    spans[2 * at + 1] = end - start
    this.nulls[page]![at] = 0
  }

  /** The value as a view of the heap. */
  view(page: number, at: number): Uint8Array {
    const address = this.spans[page]![2 * at]!
    const start = address & 0xffff
    return this.heap.chunks[address >>> 16]!.subarray(start, start + this.spans[page]![2 * at + 1]!)
  }

  text(page: number, at: number): string {
    return utf8.decode(this.view(page, at))
  }

  protected override addValues(rows: number): void {
    this.spans.push(new Int32Array(rows * 2))
  }
  protected override growValues(page: number, rows: number): void {
    this.spans[page] = grown(this.spans[page]!, rows * 2)
  }
  protected override pageArrays(page: number): readonly Elements<unknown>[] {
    return [this.spans[page]!]
  }
  protected override resetValues(page: number): void {
    this.spans[page]!.fill(0)
  }
  protected override clearValue(page: number, at: number): void {
    const spans = this.spans[page]!
    const length = spans[2 * at + 1]!
    if (length === 0) return
    this.heap.free(spans[2 * at]! >>> 0, length)
    spans[2 * at] = 0
    spans[2 * at + 1] = 0
  }
  protected override put(page: number, at: number, source: Column, row: number): void {
    if (source.storage !== 'bytes')
      throw internalError(`state column of bytes met a ${source.storage} column`)
    this.setBytes(page, at, source.bytes, source.offsets[row]!, source.offsets[row + 1]!)
  }
  /** Into an object column: decodes the text that object keys are kept as. */
  protected override get(page: number, at: number, target: Column, row: number): void {
    if (target.storage === 'object') {
      target.values[row] = decodeObject(this.text(page, at))
      return
    }
    if (target.storage !== 'bytes')
      throw internalError(`state column of bytes met a ${target.storage} column`)
    const address = this.spans[page]![2 * at]!
    const start = address & 0xffff
    target.append(row, this.heap.chunks[address >>> 16]!, start, start + this.spans[page]![2 * at + 1]!)
  }
  protected override same(page: number, at: number, source: Column, row: number): boolean {
    if (source.storage !== 'bytes') return false
    const length = this.spans[page]![2 * at + 1]!
    const from = source.offsets[row]!
    if (source.offsets[row + 1]! - from !== length) return false
    const address = this.spans[page]![2 * at]!
    const chunk = this.heap.chunks[address >>> 16]!
    const start = address & 0xffff
    for (let i = 0; i < length; i++) if (chunk[start + i] !== source.bytes[from + i]) return false
    return true
  }
}
