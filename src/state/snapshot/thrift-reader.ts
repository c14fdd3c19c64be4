/** Reads Thrift's compact protocol into plain values: a struct is a Map from field id to value. */
import { corruptState } from './corrupt-state.ts'

export type ThriftValue = number | boolean | string | readonly ThriftValue[] | ThriftStruct
export interface ThriftStruct extends ReadonlyMap<number, ThriftValue> {}

const utf8 = new TextDecoder()

export class ThriftReader {
  readonly #bytes: Uint8Array
  position: number

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes
    this.position = position
  }

  struct(): ThriftStruct {
    const fields = new Map<number, ThriftValue>()
    let field = 0
    for (;;) {
      const header = this.#byte()
      if (header === 0) return fields
      const delta = header >> 4
      field = delta === 0 ? this.#zigzag() : field + delta
      const type = header & 15
      fields.set(field, type === 1 ? true : type === 2 ? false : this.#value(type))
    }
  }

  #value(type: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        return this.#byte() === 1
      case 3:
        return this.#byte()
      case 4:
      case 5:
      case 6:
        return this.#zigzag()
      case 8: {
        const length = this.#varint()
        const start = this.position
        this.#need(length)
        this.position += length
        return utf8.decode(this.#bytes.subarray(start, start + length))
      }
      case 9: {
        const header = this.#byte()
        const size = header >> 4 === 15 ? this.#varint() : header >> 4
        const values: ThriftValue[] = []
        for (let i = 0; i < size; i++) values.push(this.#value(header & 15))
        return values
      }
      case 12:
        return this.struct()
      default:
        throw corruptState(`its metadata has a value of unknown type ${type}`)
    }
  }

  #zigzag(): number {
    const value = this.#varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  #varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#byte()
      value += (byte & 127) * scale
      if (byte < 128) return value
      if (scale > 2 ** 56) throw corruptState('its metadata has a number that does not end')
    }
  }

  #byte(): number {
    this.#need(1)
    return this.#bytes[this.position++]!
  }

  #need(length: number): void {
    if (this.position + length > this.#bytes.length) throw corruptState('its metadata is cut off')
  }
}
