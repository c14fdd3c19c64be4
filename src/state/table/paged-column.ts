/**
 * One column of a paged table: an array of pages, each a typed array and a null byte per row. Rows not in use
 * hold the clear value: zero, and NULL where the column is nullable; so a new row needs no writing.
 *
 * Generated kernels use the page arrays directly (`pages[id >>> PAGE_SHIFT][id & PAGE_MASK]`); the arrays are changed in
 * place, so a kernel may hold them while rows are added, but must fetch a page again after an insert.
 */
import { internalError } from '../../errors/index.ts'
import { type Column, type LogicalType, type Storage, storageOf } from '../../types/index.ts'
import { sameObject } from '../object-codec.ts'
import type { ByteHeap } from './byte-heap.ts'
import { type Elements, PagedBase } from './paged-base.ts'
import { PagedBytes } from './paged-bytes.ts'

export { PAGE_MASK, PAGE_ROWS, PAGE_SHIFT } from './paged-base.ts'
export { PagedBytes } from './paged-bytes.ts'

const grown = <T extends Int32Array | Float64Array>(
  make: new (length: number) => T,
  old: T,
  size: number,
): T => {
  const array = new make(size)
  array.set(old)
  return array
}

const wrongStorage = (want: Storage, column: { readonly storage: Storage }) =>
  internalError(`state column of ${want} met a ${column.storage} column`)

export class PagedInt32 extends PagedBase {
  readonly storage = 'i32'
  values: Int32Array[] = []

  protected override addValues(rows: number): void {
    this.values.push(new Int32Array(rows))
  }
  protected override growValues(page: number, rows: number): void {
    this.values[page] = grown(Int32Array, this.values[page]!, rows)
  }
  protected override pageArrays(page: number): readonly Elements<unknown>[] {
    return [this.values[page]!]
  }
  protected override resetValues(page: number): void {
    this.values[page]!.fill(0)
  }
  protected override clearValue(page: number, at: number): void {
    this.values[page]![at] = 0
  }
  protected override put(page: number, at: number, source: Column, row: number): void {
    if (source.storage !== 'i32') throw wrongStorage('i32', source)
    this.values[page]![at] = source.values[row]!
  }
  protected override get(page: number, at: number, target: Column, row: number): void {
    if (target.storage !== 'i32') throw wrongStorage('i32', target)
    target.values[row] = this.values[page]![at]!
  }
  protected override same(page: number, at: number, source: Column, row: number): boolean {
    return source.storage === 'i32' && source.values[row] === this.values[page]![at]
  }
}

export class PagedFloat64 extends PagedBase {
  readonly storage = 'f64'
  values: Float64Array[] = []

  protected override addValues(rows: number): void {
    this.values.push(new Float64Array(rows))
  }
  protected override growValues(page: number, rows: number): void {
    this.values[page] = grown(Float64Array, this.values[page]!, rows)
  }
  protected override pageArrays(page: number): readonly Elements<unknown>[] {
    return [this.values[page]!]
  }
  protected override resetValues(page: number): void {
    this.values[page]!.fill(0)
  }
  protected override clearValue(page: number, at: number): void {
    this.values[page]![at] = 0
  }
  protected override put(page: number, at: number, source: Column, row: number): void {
    if (source.storage !== 'f64') throw wrongStorage('f64', source)
    this.values[page]![at] = source.values[row]!
  }
  protected override get(page: number, at: number, target: Column, row: number): void {
    if (target.storage !== 'f64') throw wrongStorage('f64', target)
    target.values[row] = this.values[page]![at]!
  }
  protected override same(page: number, at: number, source: Column, row: number): boolean {
    if (source.storage !== 'f64') return false
    const a = source.values[row]!
    const b = this.values[page]![at]!
    return a === b || (Number.isNaN(a) && Number.isNaN(b))
  }
}

/** `words` holds (lo, hi) pairs: row i of a page at 2i and 2i + 1. */
export class PagedInt64 extends PagedBase {
  readonly storage = 'i64'
  words: Int32Array[] = []

  protected override addValues(rows: number): void {
    this.words.push(new Int32Array(rows * 2))
  }
  protected override growValues(page: number, rows: number): void {
    this.words[page] = grown(Int32Array, this.words[page]!, rows * 2)
  }
  protected override pageArrays(page: number): readonly Elements<unknown>[] {
    return [this.words[page]!]
  }
  protected override resetValues(page: number): void {
    this.words[page]!.fill(0)
  }
  protected override clearValue(page: number, at: number): void {
    const words = this.words[page]!
    words[at * 2] = 0
    words[at * 2 + 1] = 0
  }
  protected override put(page: number, at: number, source: Column, row: number): void {
    if (source.storage !== 'i64') throw wrongStorage('i64', source)
    const words = this.words[page]!
    words[at * 2] = source.words[row * 2]!
    words[at * 2 + 1] = source.words[row * 2 + 1]!
  }
  protected override get(page: number, at: number, target: Column, row: number): void {
    if (target.storage !== 'i64') throw wrongStorage('i64', target)
    const words = this.words[page]!
    target.words[row * 2] = words[at * 2]!
    target.words[row * 2 + 1] = words[at * 2 + 1]!
  }
  protected override same(page: number, at: number, source: Column, row: number): boolean {
    if (source.storage !== 'i64') return false
    const words = this.words[page]!
    return source.words[row * 2] === words[at * 2] && source.words[row * 2 + 1] === words[at * 2 + 1]
  }
}

export class PagedMsNanos extends PagedBase {
  readonly storage = 'msnanos'
  values: Float64Array[] = []
  nanos: Int32Array[] = []

  protected override addValues(rows: number): void {
    this.values.push(new Float64Array(rows))
    this.nanos.push(new Int32Array(rows))
  }
  protected override growValues(page: number, rows: number): void {
    this.values[page] = grown(Float64Array, this.values[page]!, rows)
    this.nanos[page] = grown(Int32Array, this.nanos[page]!, rows)
  }
  protected override pageArrays(page: number): readonly Elements<unknown>[] {
    return [this.values[page]!, this.nanos[page]!]
  }
  protected override resetValues(page: number): void {
    this.values[page]!.fill(0)
    this.nanos[page]!.fill(0)
  }
  protected override clearValue(page: number, at: number): void {
    this.values[page]![at] = 0
    this.nanos[page]![at] = 0
  }
  protected override put(page: number, at: number, source: Column, row: number): void {
    if (source.storage !== 'msnanos') throw wrongStorage('msnanos', source)
    this.values[page]![at] = source.values[row]!
    this.nanos[page]![at] = source.nanos[row]!
  }
  protected override get(page: number, at: number, target: Column, row: number): void {
    if (target.storage !== 'msnanos') throw wrongStorage('msnanos', target)
    target.values[row] = this.values[page]![at]!
    target.nanos[row] = this.nanos[page]![at]!
  }
  protected override same(page: number, at: number, source: Column, row: number): boolean {
    return (
      source.storage === 'msnanos' &&
      source.values[row] === this.values[page]![at] &&
      source.nanos[row] === this.nanos[page]![at]
    )
  }
}

/** Values that are never changed in place: copies of a page may share them. */
export class PagedObject extends PagedBase {
  readonly storage = 'object'
  values: unknown[][] = []

  protected override addValues(rows: number): void {
    this.values.push(new Array<unknown>(rows).fill(null))
  }
  protected override growValues(page: number, rows: number): void {
    const values = this.values[page]!
    this.values[page] = [...values, ...new Array<unknown>(rows - values.length).fill(null)]
  }
  protected override pageArrays(page: number): readonly Elements<unknown>[] {
    return [this.values[page]!]
  }
  protected override resetValues(page: number): void {
    this.values[page]!.fill(null)
  }
  protected override clearValue(page: number, at: number): void {
    this.values[page]![at] = null
  }
  protected override put(page: number, at: number, source: Column, row: number): void {
    if (source.storage !== 'object') throw wrongStorage('object', source)
    this.values[page]![at] = source.values[row]
  }
  protected override get(page: number, at: number, target: Column, row: number): void {
    if (target.storage !== 'object') throw wrongStorage('object', target)
    target.values[row] = this.values[page]![at]
  }
  protected override same(page: number, at: number, source: Column, row: number): boolean {
    return source.storage === 'object' && sameObject(source.values[row], this.values[page]![at])
  }
}

export type PagedColumn = PagedInt32 | PagedFloat64 | PagedInt64 | PagedMsNanos | PagedBytes | PagedObject

export function createPagedColumn(type: LogicalType, heap: ByteHeap): PagedColumn {
  const storage = storageOf(type)
  switch (storage) {
    case 'i32':
      return new PagedInt32(type)
    case 'f64':
      return new PagedFloat64(type)
    case 'i64':
      return new PagedInt64(type)
    case 'msnanos':
      return new PagedMsNanos(type)
    case 'bytes':
      return new PagedBytes(type, heap)
    case 'object':
      return new PagedObject(type)
    default:
      throw internalError(`unknown storage ${String(storage satisfies never)}`)
  }
}
