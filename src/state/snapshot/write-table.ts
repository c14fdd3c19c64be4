/**
 * Writes a state as a Parquet file: flat, PLAIN, uncompressed, a page per batch with its CRC-32, row groups of
 * about ROW_GROUP_ROWS rows or ROW_GROUP_BYTES, whichever comes first, so that no step over a piece of the file takes
 * long. Other engines read it (`SELECT * FROM 'state-1.parquet'`).
 */
import { crc32 } from 'node:zlib'
import { type Batch, ByteSink, type LogicalType } from '../../types/index.ts'
import type { StateSchema } from '../state-io.ts'
import { concatBytes, pageParts } from './page-writer.ts'
import { converted, type Leaf, leavesOf, physicalType } from './parquet-schema.ts'
import { ThriftWriter } from './thrift-writer.ts'

const ROW_GROUP_ROWS = 65536
const ROW_GROUP_BYTES = 1024 * 1024
export const MAGIC = new Uint8Array([0x50, 0x41, 0x52, 0x31])
const PLAIN = 0
const RLE = 3
const OPTIONAL = 1

interface Chunk {
  readonly offset: number
  readonly bytes: number
}
interface RowGroup {
  readonly rows: number
  readonly chunks: readonly Chunk[]
}

const nothing: readonly Uint8Array[] = []

/**
 * Encodes batch by batch, each in the call that gives it. What is returned are the next pieces of the file, borrowed
 * until the next call: no more than one row group is held.
 */
export class TableWriter {
  readonly #schema: StateSchema
  readonly #leaves: readonly Leaf[]
  readonly #groups: RowGroup[] = []
  /** Pages of the group that is open, by column; the memory is used again for the next group. */
  readonly #pages: readonly ByteSink[]
  #position = MAGIC.length
  /** Of the group that is open. */
  #numRows = 0
  #numBytes = 0

  constructor(schema: StateSchema) {
    this.#schema = schema
    this.#leaves = leavesOf(schema)
    this.#pages = this.#leaves.map(() => new ByteSink())
  }

  add(batch: Batch): readonly Uint8Array[] {
    if (batch.length === 0) return nothing
    this.#leaves.forEach((leaf, l) => {
      const parts = pageParts(batch, leaf)
      const pages = this.#pages[l]!
      const before = pages.length
      for (const part of [pageHeader(parts, batch.length), ...parts]) pages.append(part, 0, part.length)
      this.#numBytes += pages.length - before
    })
    this.#numRows += batch.length
    const isFull = this.#numRows >= ROW_GROUP_ROWS || this.#numBytes >= ROW_GROUP_BYTES
    return isFull ? this.#endGroup() : nothing
  }

  #endGroup(): readonly Uint8Array[] {
    const start = this.#groups.length === 0 ? [MAGIC] : nothing
    if (this.#numRows === 0) return start
    const chunks = this.#pages.map((pages): Chunk => {
      const offset = this.#position
      this.#position += pages.length
      return { offset, bytes: pages.length }
    })
    this.#groups.push({ rows: this.#numRows, chunks })
    const pieces = this.#pages.map(({ bytes, length }) => bytes.subarray(0, length))
    for (const pages of this.#pages) pages.length = 0
    this.#numRows = 0
    this.#numBytes = 0
    return [...start, ...pieces]
  }

  /** The rest of the file. */
  finish(): readonly Uint8Array[] {
    const pieces = this.#endGroup()
    const footer = fileMetadata(this.#schema, this.#leaves, this.#groups)
    const length = new Uint8Array(4)
    new DataView(length.buffer).setInt32(0, footer.length, true)
    return [...pieces, concatBytes([footer, length, MAGIC])]
  }
}

/** Each batch is encoded before the next is asked for. */
export function writeTable(schema: StateSchema, batches: Iterable<Batch>): Uint8Array {
  const writer = new TableWriter(schema)
  const pieces: Uint8Array[] = []
  const keep = (borrowed: readonly Uint8Array[]) => pieces.push(...borrowed.map(piece => piece.slice()))
  for (const batch of batches) keep(writer.add(batch))
  keep(writer.finish())
  return concatBytes(pieces)
}

function pageHeader([levels, values]: readonly [Uint8Array, Uint8Array], numValues: number): Uint8Array {
  const size = levels.length + values.length
  const thrift = new ThriftWriter()
  thrift.structElement(() => {
    thrift.i32(1, 0)
    thrift.i32(2, size)
    thrift.i32(3, size)
    thrift.i32(4, crc32(values, crc32(levels)) | 0)
    thrift.struct(5, () => {
      thrift.i32(1, numValues)
      thrift.i32(2, PLAIN)
      thrift.i32(3, RLE)
      thrift.i32(4, RLE)
    })
  })
  return thrift.finish()
}

function fileMetadata(schema: StateSchema, leaves: readonly Leaf[], groups: readonly RowGroup[]): Uint8Array {
  const thrift = new ThriftWriter()
  thrift.structElement(() => {
    thrift.i32(1, 1)
    thrift.list(2, 'struct', leaves.length + 1)
    thrift.structElement(() => {
      thrift.string(4, 'state')
      thrift.i32(5, leaves.length)
    })
    for (const leaf of leaves) thrift.structElement(() => schemaElement(thrift, leaf))
    thrift.i64(
      3,
      groups.reduce((sum, group) => sum + group.rows, 0),
    )
    thrift.list(4, 'struct', groups.length)
    for (const group of groups) thrift.structElement(() => rowGroup(thrift, leaves, group))
    thrift.list(5, 'struct', 2)
    keyValue(thrift, 'millrace.state', schema.name)
    keyValue(thrift, 'millrace.version', String(schema.version))
    thrift.string(6, 'Millrace')
  })
  return thrift.finish()
}

function schemaElement(thrift: ThriftWriter, leaf: Leaf): void {
  thrift.i32(1, physicalType[leaf.codec])
  thrift.i32(3, OPTIONAL)
  thrift.string(4, leaf.name)
  if (leaf.converted === null) return
  thrift.i32(6, leaf.converted)
  if (leaf.type.kind === 'DECIMAL') {
    thrift.i32(7, leaf.type.scale)
    thrift.i32(8, leaf.type.precision)
  }
  if (leaf.converted === converted.TIMESTAMP_MILLIS || leaf.converted === converted.TIMESTAMP_MICROS) {
    timestampType(thrift, leaf.type, leaf.converted === converted.TIMESTAMP_MILLIS ? 1 : 2)
  }
}

/** Only the logical type can tell a local timestamp from an instant. */
function timestampType(thrift: ThriftWriter, type: LogicalType, unit: number): void {
  thrift.struct(10, () => {
    thrift.struct(8, () => {
      thrift.bool(1, type.kind === 'TIMESTAMP_LTZ')
      thrift.struct(2, () => {
        thrift.struct(unit, () => {})
      })
    })
  })
}

function rowGroup(thrift: ThriftWriter, leaves: readonly Leaf[], group: RowGroup): void {
  thrift.list(1, 'struct', leaves.length)
  leaves.forEach((leaf, l) => {
    const { offset, bytes } = group.chunks[l]!
    thrift.structElement(() => {
      thrift.i64(2, offset)
      thrift.struct(3, () => {
        thrift.i32(1, physicalType[leaf.codec])
        thrift.list(2, 'i32', 2)
        thrift.element(PLAIN)
        thrift.element(RLE)
        thrift.list(3, 'string', 1)
        thrift.element(leaf.name)
        thrift.i32(4, 0)
        thrift.i64(5, group.rows)
        thrift.i64(6, bytes)
        thrift.i64(7, bytes)
        thrift.i64(9, offset)
      })
    })
  })
  thrift.i64(
    2,
    group.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0),
  )
  thrift.i64(3, group.rows)
}

function keyValue(thrift: ThriftWriter, key: string, value: string): void {
  thrift.structElement(() => {
    thrift.string(1, key)
    thrift.string(2, value)
  })
}
