/**
 * Record batches (KIP-98) read one field at a time with every bound checked, and written with whatever length, count
 * or delta a test wants. 64-bit fields are BigInt.
 */

export interface ReferenceRecord {
  readonly offset: bigint
  readonly timestamp: bigint
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly (readonly [key: string, value: Uint8Array | null])[] | 'broken'
}

/** A batch that must be refused. */
export class BadBatch extends Error {}

/** A batch that may be refused or not. */
export class Undecided extends Error {}

class Bytes {
  readonly bytes: Uint8Array
  at: number
  readonly end: number

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  byte(): number {
    if (this.at >= this.end) throw new BadBatch('ends too early')
    return this.bytes[this.at++]!
  }

  int(width: number): bigint {
    let value = 0n
    for (let i = 0; i < width; i++) value = (value << 8n) | BigInt(this.byte())
    return BigInt.asIntN(width * 8, value)
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n)
    }
    throw new BadBatch('a varint without end')
  }

  /** For 32-bit numbers: Java refuses more than five bytes, other readers take them. */
  shortVarint(): bigint {
    const from = this.at
    const value = this.varint()
    if (this.at - from > 5) throw new Undecided()
    return value
  }

  take(length: bigint): Uint8Array {
    if (length < 0n || length > BigInt(this.end - this.at)) throw new BadBatch('a length beyond the end')
    const from = this.at
    this.at += Number(length)
    return this.bytes.slice(from, this.at)
  }

  nullable(): Uint8Array | null {
    const length = this.shortVarint()
    return length < 0n ? null : this.take(length)
  }
}

/** CRC-32C bit by bit. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

export interface ReferenceBatch {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly isControl: boolean
  /** Checked only when asked for: control batches and those before the wanted offset are not read. */
  readonly records: () => readonly ReferenceRecord[]
}

/** The batches of a fetch response's records, up to the partial one it may end with. Throws BadBatch. */
export function* readBatches(
  bytes: Uint8Array,
  checkCrc: boolean,
  decompress: (codec: number, bytes: Uint8Array) => Uint8Array,
): Generator<ReferenceBatch> {
  for (let at = 0; at + 17 <= bytes.length; ) {
    const head = new Bytes(bytes, at, bytes.length)
    const baseOffset = head.int(8)
    const length = head.int(4)
    // Of a batch that is only begun, no more is known than its format.
    const isPartial = length > BigInt(bytes.length - head.at)
    if (length < 5n || (length < 49n && (bytes[at + 16] === 2 || !isPartial)))
      throw new BadBatch('an impossible length')
    if (isPartial) return
    const end = head.at + Number(length)
    head.int(4)
    if (head.byte() !== 2) throw new BadBatch('another format')
    const crc = Number(BigInt.asUintN(32, head.int(4)))
    if (checkCrc && slowCrc32c(bytes.subarray(head.at, end)) !== crc) throw new BadBatch('its CRC')
    yield batchBody(head, baseOffset, end, decompress)
    at = end
  }
}

function batchBody(
  head: Bytes,
  baseOffset: bigint,
  end: number,
  decompress: (codec: number, bytes: Uint8Array) => Uint8Array,
): ReferenceBatch {
  const attributes = Number(head.int(2))
  const lastOffset = baseOffset + head.int(4)
  const [baseTimestamp, maxTimestamp] = [head.int(8), head.int(8)]
  head.int(14)
  const count = Number(head.int(4))
  const isPossible = baseOffset >= 0n && baseOffset <= lastOffset && lastOffset < 2n ** 53n && count >= 0
  if (!isPossible) throw new BadBatch('an impossible header')
  const records = () =>
    recordsOf({
      ...{ head, end, attributes, count, baseOffset, lastOffset },
      ...{ baseTimestamp, maxTimestamp, decompress },
    })
  return { baseOffset, lastOffset, isControl: (attributes & 0x20) !== 0, records }
}

interface Body {
  readonly head: Bytes
  readonly end: number
  readonly attributes: number
  readonly count: number
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly baseTimestamp: bigint
  readonly maxTimestamp: bigint
  readonly decompress: (codec: number, bytes: Uint8Array) => Uint8Array
}

function recordsOf(batch: Body): ReferenceRecord[] {
  const { head, end, attributes, count, baseOffset, lastOffset, baseTimestamp, maxTimestamp } = batch
  const codec = attributes & 7
  const plain = head.bytes.slice(head.at, end)
  const body = codec === 0 || count === 0 ? plain : batch.decompress(codec, plain)
  const reader = new Bytes(body, 0, body.length)
  const appendTime = (attributes & 8) !== 0
  const records: ReferenceRecord[] = []
  let lastDelta = -1n
  for (let i = 0; i < count; i++) {
    const length = reader.shortVarint()
    if (length > BigInt(reader.end - reader.at) || length < 6n) throw new BadBatch('a record length')
    const record = new Bytes(body, reader.at, reader.at + Number(length))
    reader.at = record.end
    record.byte()
    const timestamp = record.varint()
    const delta = record.shortVarint()
    const key = record.nullable()
    const value = record.nullable()
    if (record.at >= record.end) throw new BadBatch('no header count')
    const offset = baseOffset + delta
    if (delta <= lastDelta || offset > lastOffset) throw new BadBatch('an offset outside of the batch')
    lastDelta = delta
    records.push({
      offset,
      timestamp: appendTime ? maxTimestamp : baseTimestamp + timestamp,
      key,
      value,
      headers: headersOf(record),
    })
  }
  if (reader.at !== reader.end) throw new BadBatch('bytes behind the last record')
  return records
}

function headersOf(record: Bytes): ReferenceRecord['headers'] {
  try {
    const count = record.shortVarint()
    if (count < 0n) return 'broken'
    const headers: (readonly [string, Uint8Array | null])[] = []
    for (let i = 0n; i < count; i++) {
      const key = Buffer.from(record.take(record.shortVarint())).toString('utf8')
      headers.push([key, record.nullable()])
    }
    return record.at === record.end ? headers : 'broken'
  } catch (error) {
    if (error instanceof BadBatch) return 'broken'
    throw error
  }
}
