/** Finds the fields of one CSV record. Quoted fields and escapes are resolved into a side buffer only where needed. */
import type { CsvOptions } from './csv-options.ts'

/** The fields of the record last split; field i is `buffer(i)[starts[i], ends[i])`. */
export class FieldSplitter {
  starts: Int32Array = new Int32Array(64)
  ends: Int32Array = new Int32Array(64)
  /** 1 = the field was in quotes. */
  quoted: Uint8Array = new Uint8Array(64)
  /** 1 = the range is in `resolved`, not in the record's bytes. */
  inSide: Uint8Array = new Uint8Array(64)
  /** Text of fields that had doubled quotes or escapes. */
  resolved: Uint8Array = new Uint8Array(256)
  count = 0
  /** Why the last record is malformed. */
  problem = ''
  readonly #options: CsvOptions
  #resolvedLength = 0

  constructor(options: CsvOptions) {
    this.#options = options
  }

  /** False with `problem` set when the record is malformed. */
  split(bytes: Uint8Array, start: number, end: number): boolean {
    const { quote, trimSpaces, delimiter } = this.#options
    this.count = 0
    this.#resolvedLength = 0
    let p = start
    for (;;) {
      if (this.count === this.starts.length) this.#grow()
      let from = p
      if (trimSpaces) while (from < end && bytes[from] === 32) from++
      p =
        from < end && bytes[from] === quote
          ? this.#quotedField(bytes, from + 1, end)
          : this.#plainField(bytes, from, end)
      if (p < 0) return false
      this.count++
      if (p >= end) return true
      p += delimiter.length
    }
  }

  #isDelimiter(bytes: Uint8Array, at: number, end: number): boolean {
    const { delimiter } = this.#options
    if (bytes[at] !== delimiter[0] || at + delimiter.length > end) return false
    for (let i = 1; i < delimiter.length; i++) if (bytes[at + i] !== delimiter[i]) return false
    return true
  }

  /** Returns the position of the delimiter behind the field, or `end`. */
  #plainField(bytes: Uint8Array, start: number, end: number): number {
    const { escapeByte, trimSpaces } = this.#options
    let p = start
    let side = -1
    while (p < end && !this.#isDelimiter(bytes, p, end)) {
      const c = bytes[p]!
      if (c === 10 || c === 13) return this.#fail('more than one line')
      if (c === escapeByte) {
        if (p + 1 >= end) return this.#fail('an escape character at the end')
        if (side < 0) side = this.#openSide(bytes, start, p, end)
        p++
        this.resolved[this.#resolvedLength++] = bytes[p]!
      } else if (side >= 0) this.resolved[this.#resolvedLength++] = c
      p++
    }
    let stop = side < 0 ? p : this.#resolvedLength
    const from = side < 0 ? start : side
    const source = side < 0 ? bytes : this.resolved
    if (trimSpaces) while (stop > from && source[stop - 1] === 32) stop--
    this.#put(from, stop, false, side >= 0)
    return p
  }

  #quotedField(bytes: Uint8Array, start: number, end: number): number {
    const { quote, escapeByte } = this.#options
    let p = start
    let side = -1
    for (;;) {
      if (p >= end) return this.#fail('a quote without its end')
      const c = bytes[p]!
      const isEscape = c === escapeByte
      if (isEscape ? p + 1 < end : c === quote && bytes[p + 1] === quote && p + 1 < end) {
        if (side < 0) side = this.#openSide(bytes, start, p, end)
        this.resolved[this.#resolvedLength++] = bytes[p + 1]!
        p += 2
        continue
      }
      if (c === quote) break
      if (side >= 0) this.resolved[this.#resolvedLength++] = c
      p++
    }
    this.#put(side < 0 ? start : side, side < 0 ? p : this.#resolvedLength, true, side >= 0)
    p++
    // Blanks behind a quote are nothing, but for the one that is the delimiter.
    while (p < end && bytes[p] === 32 && !this.#isDelimiter(bytes, p, end)) p++
    if (p < end && !this.#isDelimiter(bytes, p, end)) return this.#fail('text behind a closing quote')
    return p
  }

  /** Copies what the field holds so far to the side buffer, with room for the rest. Returns where it begins. */
  #openSide(bytes: Uint8Array, start: number, at: number, end: number): number {
    const needed = this.#resolvedLength + end - start
    if (needed > this.resolved.length) {
      const grown = new Uint8Array(Math.max(needed, this.resolved.length * 2))
      grown.set(this.resolved.subarray(0, this.#resolvedLength))
      this.resolved = grown
    }
    const side = this.#resolvedLength
    this.resolved.set(bytes.subarray(start, at), side)
    this.#resolvedLength += at - start
    return side
  }

  #put(start: number, end: number, quoted: boolean, inSide: boolean): void {
    const i = this.count
    this.starts[i] = start
    this.ends[i] = end
    this.quoted[i] = quoted ? 1 : 0
    this.inSide[i] = inSide ? 1 : 0
  }

  #fail(problem: string): number {
    this.problem = problem
    return -1
  }

  #grow(): void {
    const grow = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from)
      return to
    }
    const size = this.count * 2
    this.starts = grow(this.starts, new Int32Array(size))
    this.ends = grow(this.ends, new Int32Array(size))
    this.quoted = grow(this.quoted, new Uint8Array(size))
    this.inSide = grow(this.inSide, new Uint8Array(size))
  }
}
