/** Record headers, read lazily from a run and written as one prepared section. */
export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

/** Reads the header section `[at, end)`; the values are copies. undefined when it is not one from end to end. */
export function readRecordHeaders(bytes: Uint8Array, at: number, end: number): RecordHeader[] | undefined {
  let p = at
  /** NaN when it does not end before `end`, so that every comparison with it fails. */
  const varint = (): number => {
    let value = 0
    for (let scale = 1; p < end && scale < 2 ** 35; scale *= 128) {
      const b = bytes[p++]!
      value += (b & 0x7f) * scale
      if (b < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    return Number.NaN
  }
  const count = varint()
  if (!(count >= 0)) return undefined
  const headers: RecordHeader[] = []
  for (let i = 0; i < count; i++) {
    const keyLength = varint()
    if (!(keyLength >= 0 && p + keyLength <= end)) return undefined
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + p, keyLength).toString('utf8')
    p += keyLength
    const valueLength = varint()
    if (valueLength < 0) headers.push({ key, value: null })
    else {
      if (!(p + valueLength <= end)) return undefined
      headers.push({ key, value: new Uint8Array(bytes.subarray(p, p + valueLength)) })
      p += valueLength
    }
  }
  return p === end ? headers : undefined
}

function pushVarint(out: number[], value: number): void {
  let zigzag = value < 0 ? -value * 2 - 1 : value * 2
  while (zigzag >= 128) {
    out.push((zigzag % 128) | 0x80)
    zigzag = Math.floor(zigzag / 128)
  }
  out.push(zigzag)
}

/** The header section of a record: count, then key and value of each. */
export function encodeRecordHeaders(headers: readonly RecordHeader[]): Uint8Array {
  const out: number[] = []
  pushVarint(out, headers.length)
  for (const { key, value } of headers) {
    const keyBytes = Buffer.from(key)
    pushVarint(out, keyBytes.length)
    for (const byte of keyBytes) out.push(byte)
    pushVarint(out, value === null ? -1 : value.length)
    if (value !== null) for (const byte of value) out.push(byte)
  }
  return Uint8Array.from(out)
}
