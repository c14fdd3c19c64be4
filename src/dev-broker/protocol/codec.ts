/**
 * A small language for the grammar of Kafka messages: a codec reads and writes one field, `struct` and `array`
 * compose, `since`/`until`/`between` say in which versions a field exists. Flexible versions (KIP-482) change
 * strings, byte strings and arrays to their compact form and end every struct with a tag section; the codecs
 * do that themselves, so a message is written down once for all its versions. Tags are skipped on reading.
 */
import { type Reader, WireError } from './reader.ts'
import type { Writer } from './writer.ts'

export interface Codec<T> {
  readonly read: (reader: Reader) => T
  readonly write: (writer: Writer, value: T) => void
}

interface AnyCodec {
  readonly read: (reader: Reader) => unknown
  readonly write: (writer: Writer, value: never) => void
}

export type Infer<C extends AnyCodec> = ReturnType<C['read']>

export const int8: Codec<number> = { read: r => r.int8(), write: (w, value) => w.int8(value) }
export const int16: Codec<number> = { read: r => r.int16(), write: (w, value) => w.int16(value) }
export const int32: Codec<number> = { read: r => r.int32(), write: (w, value) => w.int32(value) }
export const int64: Codec<number> = { read: r => r.int64(), write: (w, value) => w.int64(value) }
export const boolean: Codec<boolean> = {
  read: r => r.int8() !== 0,
  write: (w, value) => w.int8(value ? 1 : 0),
}
/** 16 bytes as lower-case hexadecimal. */
export const uuid: Codec<string> = {
  read: r => r.bytes(16).toString('hex'),
  write: (w, value) => w.raw(Buffer.from(value, 'hex')),
}
export const zeroUuid = '0'.repeat(32)

const readSize16 = (r: Reader) => (r.flexible ? r.unsignedVarint() - 1 : r.int16())
const readSize32 = (r: Reader) => (r.flexible ? r.unsignedVarint() - 1 : r.int32())
const writeSize16 = (w: Writer, size: number) => (w.flexible ? w.unsignedVarint(size + 1) : w.int16(size))
const writeSize32 = (w: Writer, size: number) => (w.flexible ? w.unsignedVarint(size + 1) : w.int32(size))

export const nullableString: Codec<string | null> = {
  read: r => {
    const size = readSize16(r)
    return size < 0 ? null : r.text(size)
  },
  write: (w, value) => {
    if (value === null) return writeSize16(w, -1)
    const size = Buffer.byteLength(value)
    writeSize16(w, size)
    w.text(value, size)
  },
}

function required<T>(codec: Codec<T | null>, what: string): Codec<T> {
  return {
    read: r => {
      const value = codec.read(r)
      if (value === null) throw new WireError(`null ${what} where the grammar allows none`)
      return value
    },
    write: codec.write,
  }
}

export const string: Codec<string> = required(nullableString, 'string')

export const nullableBytes: Codec<Buffer | null> = {
  read: r => {
    const size = readSize32(r)
    return size < 0 ? null : r.bytes(size)
  },
  write: (w, value) => {
    if (value === null) return writeSize32(w, -1)
    writeSize32(w, value.length)
    w.raw(value)
  },
}

export const bytes: Codec<Buffer> = required(nullableBytes, 'byte string')

/** Record batches of a fetch answer: several buffers written as one byte string, without a copy. */
export const records: Codec<readonly Buffer[]> = {
  read: r => [bytes.read(r)],
  write: (w, value) => {
    let size = 0
    for (const chunk of value) size += chunk.length
    writeSize32(w, size)
    for (const chunk of value) w.raw(chunk)
  },
}

export function nullableArray<T>(item: Codec<T>): Codec<readonly T[] | null> {
  return {
    read: r => {
      const size = readSize32(r)
      if (size < 0) return null
      if (size > r.remaining) throw new WireError(`array of ${size} items in ${r.remaining} bytes`)
      const values: T[] = []
      for (let i = 0; i < size; i++) values.push(item.read(r))
      return values
    },
    write: (w, values) => {
      if (values === null) return writeSize32(w, -1)
      writeSize32(w, values.length)
      for (const value of values) item.write(w, value)
    },
  }
}

export const array = <T>(item: Codec<T>): Codec<readonly T[]> => required(nullableArray(item), 'array')

/** The field exists from version `first` to `last`, both inclusive; elsewhere it reads as `absent`. */
export function between<T>(first: number, last: number, codec: Codec<T>, absent: T): Codec<T> {
  return {
    read: r => (r.version >= first && r.version <= last ? codec.read(r) : absent),
    write: (w, value) => {
      if (w.version >= first && w.version <= last) codec.write(w, value)
    },
  }
}

export const since = <T>(first: number, codec: Codec<T>, absent: T): Codec<T> =>
  between(first, Number.MAX_SAFE_INTEGER, codec, absent)

export const until = <T>(last: number, codec: Codec<T>, absent: T): Codec<T> =>
  between(0, last, codec, absent)

export function struct<F extends Readonly<Record<string, AnyCodec>>>(
  fields: F,
): Codec<{ readonly [K in keyof F]: Infer<F[K]> }> {
  type Value = { readonly [K in keyof F]: Infer<F[K]> }
  const entries = Object.entries(fields) as unknown as [string, Codec<unknown>][]
  return {
    read: r => {
      const value: Record<string, unknown> = {}
      for (const [name, codec] of entries) value[name] = codec.read(r)
      if (r.flexible) r.skipTags()
      return value as Value
    },
    write: (w, value) => {
      for (const [name, codec] of entries) codec.write(w, (value as Record<string, unknown>)[name])
      if (w.flexible) w.unsignedVarint(0)
    },
  }
}
