/**
 * Reads state files that `writeTable` wrote (not Parquet in general). Every page's CRC-32 is checked; a file that
 * is cut off, damaged, or of other columns is refused with MR_STATE_CORRUPT before a row of the page is given out.
 */
import { crc32 } from 'node:zlib'
import { type Batch, createColumns } from '../../types/index.ts'
import type { StateSchema } from '../state-io.ts'
import { corruptState } from './corrupt-state.ts'
import { readPage } from './page-reader.ts'
import { type Leaf, leavesOf, physicalType } from './parquet-schema.ts'
import { ThriftReader, type ThriftStruct, type ThriftValue } from './thrift-reader.ts'
import { MAGIC } from './write-table.ts'

/** Far beyond the batches that states are written in; a page of NULLs takes no bytes to promise more. */
const MAX_PAGE_ROWS = 1 << 20

/** Each batch has columns of its own. */
export function* readTable(bytes: Uint8Array, schema: StateSchema): Generator<Batch> {
  const metadata = readFooter(bytes)
  const leaves = leavesOf(schema)
  checkColumns(structs(metadata.get(2)).slice(1), leaves)
  for (const group of structs(metadata.get(4))) {
    const chunks = structs(group.get(1)).map(chunk => chunkOf(chunk, leaves))
    if (chunks.length !== leaves.length) throw corruptState('a row group lacks columns')
    const readers = chunks.map(chunk => new PageCursor(bytes, chunk.offset))
    for (let rows = number(group.get(3)); rows > 0; ) {
      const batch = readBatch(schema, leaves, readers, rows)
      rows -= batch.length
      yield batch
    }
  }
}

function readBatch(
  schema: StateSchema,
  leaves: readonly Leaf[],
  readers: readonly PageCursor[],
  maxRows: number,
): Batch {
  const pages = readers.map((reader, l) => reader.next(leaves[l]!))
  const length = pages[0]?.numValues ?? 0
  if (length <= 0 || length > Math.min(maxRows, MAX_PAGE_ROWS))
    throw corruptState('a page has a wrong number of rows')
  const columns = createColumns(
    schema.columns.map(column => column.type),
    length,
  )
  leaves.forEach((leaf, l) => {
    if (pages[l]!.numValues !== length) throw corruptState('pages of one batch differ in their rows')
    readPage(pages[l]!.body, length, columns[leaf.column]!, leaf)
  })
  return { length, columns, kinds: null }
}

class PageCursor {
  readonly #bytes: Uint8Array
  #position: number

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes
    this.#position = position
  }

  next(leaf: Leaf): { readonly numValues: number; readonly body: Uint8Array } {
    const thrift = new ThriftReader(this.#bytes, this.#position)
    const header = thrift.struct()
    const size = number(header.get(3))
    const start = thrift.position
    if (size < 0 || start + size > this.#bytes.length)
      throw corruptState(`a page of column ${leaf.name} is cut off`)
    const body = this.#bytes.subarray(start, start + size)
    if ((crc32(body) | 0) !== number(header.get(4))) {
      throw corruptState(`a page of column ${leaf.name} does not match its checksum`)
    }
    this.#position = start + size
    return { numValues: number(struct(header.get(5)).get(1)), body }
  }
}

function readFooter(bytes: Uint8Array): ThriftStruct {
  const isMagic = (at: number) => MAGIC.every((byte, i) => bytes[at + i] === byte)
  if (bytes.length < 12 || !isMagic(0) || !isMagic(bytes.length - 4)) {
    throw corruptState('it does not begin and end as a state file')
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(
    bytes.length - 8,
    true,
  )
  const start = bytes.length - 8 - length
  if (length < 0 || start < MAGIC.length) throw corruptState('its metadata is cut off')
  return new ThriftReader(bytes, start).struct()
}

function checkColumns(elements: readonly ThriftStruct[], leaves: readonly Leaf[]): void {
  const found = elements.map(element => `${String(element.get(4))} ${String(element.get(1))}`)
  const wanted = leaves.map(leaf => `${leaf.name} ${physicalType[leaf.codec]}`)
  if (found.join() !== wanted.join()) {
    throw corruptState(`it has columns ${found.join(', ')} where ${wanted.join(', ')} are wanted`)
  }
}

function chunkOf(chunk: ThriftStruct, leaves: readonly Leaf[]): { readonly offset: number } {
  if (leaves.length === 0) throw corruptState('it has no columns')
  return { offset: number(struct(chunk.get(3)).get(9)) }
}

function number(value: ThriftValue | undefined): number {
  if (typeof value !== 'number') throw corruptState('its metadata lacks a number')
  return value
}

function struct(value: ThriftValue | undefined): ThriftStruct {
  if (!(value instanceof Map)) throw corruptState('its metadata lacks a structure')
  return value
}

function structs(value: ThriftValue | undefined): ThriftStruct[] {
  if (!Array.isArray(value)) throw corruptState('its metadata lacks a list')
  return value.map(struct)
}
