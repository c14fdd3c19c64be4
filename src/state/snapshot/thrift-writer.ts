/** Writes Thrift's compact protocol: just what Parquet's metadata needs. */
const STOP = 0
const TRUE = 1
const FALSE = 2
const I32 = 5
const I64 = 6
const BINARY = 8
const LIST = 9
const STRUCT = 12

const utf8 = new TextEncoder()

export type ThriftElement = 'i32' | 'string' | 'struct'
const elementTypes: Record<ThriftElement, number> = { i32: I32, string: BINARY, struct: STRUCT }

export class ThriftWriter {
  #bytes = new Uint8Array(256)
  #length = 0
  #field = 0
  readonly #outer: number[] = []

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  i32(field: number, value: number): void {
    this.#header(field, I32)
    this.#zigzag(value)
  }

  /** |value| ≤ 2^53. */
  i64(field: number, value: number): void {
    this.#header(field, I64)
    this.#zigzag(value)
  }

  bool(field: number, value: boolean): void {
    this.#header(field, value ? TRUE : FALSE)
  }

  string(field: number, value: string): void {
    this.#header(field, BINARY)
    this.element(value)
  }

  /** Fields of a nested struct are written by `fields`. */
  struct(field: number, fields: () => void): void {
    this.#header(field, STRUCT)
    this.structElement(fields)
  }

  /** A struct that is an element of a list, or the outermost one. */
  structElement(fields: () => void): void {
    this.#outer.push(this.#field)
    this.#field = 0
    fields()
    this.#byte(STOP)
    this.#field = this.#outer.pop()!
  }

  /** The elements are then written by `element` or `structElement`. */
  list(field: number, type: ThriftElement, size: number): void {
    this.#header(field, LIST)
    const code = elementTypes[type]
    if (size < 15) {
      this.#byte((size << 4) | code)
    } else {
      this.#byte(0xf0 | code)
      this.#varint(size)
    }
  }

  element(value: number | string): void {
    if (typeof value === 'number') {
      this.#zigzag(value)
      return
    }
    const bytes = utf8.encode(value)
    this.#varint(bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #header(field: number, type: number): void {
    const delta = field - this.#field
    this.#field = field
    if (delta > 0 && delta <= 15) {
      this.#byte((delta << 4) | type)
    } else {
      this.#byte(type)
      this.#zigzag(field)
    }
  }

  #zigzag(value: number): void {
    this.#varint(value >= 0 ? value * 2 : -value * 2 - 1)
  }

  #varint(value: number): void {
    while (value >= 128) {
      this.#byte((value % 128) | 128)
      value = Math.floor(value / 128)
    }
    this.#byte(value)
  }

  #byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#length + size, this.#bytes.length * 2))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
