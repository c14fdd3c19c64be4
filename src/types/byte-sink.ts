/** Where string kernels write: bytes that grow. `length` counts the bytes written so far. */
import { encodeUtf8 } from './utf8.ts'

export class ByteSink {
  bytes: Uint8Array
  length = 0

  constructor(capacity = 64) {
    this.bytes = new Uint8Array(capacity)
  }

  /** Makes room for `extra` more bytes and returns the array to write them to, at `length`. */
  reserve(extra: number): Uint8Array {
    const wanted = this.length + extra
    if (wanted > this.bytes.length) {
      const grown = new Uint8Array(Math.max(wanted, this.bytes.length * 2))
      grown.set(this.bytes.subarray(0, this.length))
      this.bytes = grown
    }
    return this.bytes
  }

  append(source: Uint8Array, start: number, end: number): void {
    const length = end - start
    const bytes = this.reserve(length)
    const at = this.length
    if (length < 32) for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]!
    else bytes.set(source.subarray(start, end), at)
    this.length = at + length
  }

  appendByte(byte: number): void {
    this.reserve(1)[this.length++] = byte
  }

  appendText(text: string): void {
    const length = text.length
    const bytes = this.reserve(length)
    let at = this.length
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) {
        const encoded = encodeUtf8(text)
        this.append(encoded, 0, encoded.length)
        return
      }
      bytes[at++] = code
    }
    this.length = at
  }
}
