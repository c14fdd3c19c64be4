import { describe, expect, it } from 'vitest'
import { BatchPool } from '../../../src/runtime/channels/batch-pool.ts'
import { Channel, type ChannelWriter } from '../../../src/runtime/channels/channel.ts'
import { ExchangeWriter } from '../../../src/runtime/channels/exchange-writer.ts'
import { RowGroups } from '../../../src/runtime/channels/row-groups.ts'
import { keyGroupOf, subtaskOf } from '../../../src/state/key-groups.ts'
import { compileHash } from '../../../src/state/keys/key-hash.ts'
import {
  type Batch,
  BatchBuilder,
  bigintType,
  integerType,
  ROW_DELETE,
  ROW_INSERT,
  stringType,
} from '../../../src/types/index.ts'
import { columnMemory } from '../../../src/wasm/arena-memory.ts'

const types = [integerType(), stringType(), bigintType()]

function rows(
  values: readonly (readonly [number, string | null, bigint | null])[],
  kinds?: readonly number[],
): Batch {
  const builder = new BatchBuilder(types, 1)
  values.forEach(([number, text, big], i) => {
    const row = builder.addRow(kinds?.[i] ?? ROW_INSERT)
    const [a, b, c] = builder.columns
    if (a?.storage !== 'i32' || b?.storage !== 'bytes' || c?.storage !== 'i64') throw new Error('storage')
    a.values[row] = number
    if (text === null) b.appendNull(row)
    else b.append(row, Buffer.from(text), 0, Buffer.byteLength(text))
    if (big === null) c.setNull(row)
    else c.values[row] = big
  })
  return builder
}

function read(batch: Batch): unknown[] {
  const [a, b, c] = batch.columns
  if (a?.storage !== 'i32' || b?.storage !== 'bytes' || c?.storage !== 'i64') throw new Error('storage')
  return Array.from({ length: batch.length }, (_, i) => [
    batch.kinds?.[i] ?? 0,
    a.values[i],
    b.isNull(i) ? null : Buffer.from(b.bytes.subarray(b.offsets[i]!, b.offsets[i + 1]!)).toString(),
    c.isNull(i) ? null : c.values[i],
  ])
}

function drain(channel: Channel): unknown[] {
  const out: unknown[] = []
  for (let element = channel.take(); element !== null; element = channel.take()) {
    if (element.kind === 'batch') {
      out.push(...read(element.batch))
      channel.pool.release(element.batch)
    } else out.push(element.kind)
  }
  return out
}

/** The first hash whose key group each of two subtasks owns. */
const hashOf = [0, 1].map(target => {
  for (let hash = 0; ; hash++) if (subtaskOf(keyGroupOf(hash, 128), 2, 128) === target) return hash
})
/** Even numbers in the first column go to the first of two, odd ones to the second. */
const byHash = new RowGroups(
  (batch, out) => {
    const column = batch.columns[0]!
    if (column.storage === 'i32')
      for (let i = 0; i < batch.length; i++) out[i] = hashOf[column.values[i]! % 2]!
  },
  2,
  128,
)

describe('ExchangeWriter', () => {
  it('spreads rows with NULLs and row kinds, and flushes before control elements', () => {
    const channels = [0, 1].map(() => new Channel(new BatchPool(types)))
    const writer = new ExchangeWriter(channels, byHash)
    writer.write(
      rows([
        [0, 'a', 1n],
        [1, null, 2n],
        [2, 'ccc', null],
      ]),
    )
    writer.write(
      rows(
        [
          [3, 'd', 4n],
          [4, 'é', 5n],
        ],
        [ROW_INSERT, ROW_DELETE],
      ),
    )
    expect(channels.every(channel => channel.isEmpty)).toBe(true)
    writer.broadcast({ kind: 'barrier', checkpointId: 1 })
    expect(drain(channels[0]!)).toEqual([[0, 0, 'a', 1n], [0, 2, 'ccc', null], [3, 4, 'é', 5n], 'barrier'])
    expect(drain(channels[1]!)).toEqual([[0, 1, null, 2n], [0, 3, 'd', 4n], 'barrier'])
    expect(channels.map(channel => channel.pool.numOutstanding)).toEqual([0, 0])
  })

  it.each([5, 200])('brings the hashes of the keys with the rows: those of %s rows', numRows => {
    const keys = [1, 2]
    const hash = compileHash(types, keys)
    const channels = [0, 1].map(() => new Channel(new BatchPool(types, keys)))
    const writer = new ExchangeWriter(channels, new RowGroups(hash, 2, 128))
    const memory = columnMemory()
    const batch = new BatchBuilder(types, numRows, memory)
    batch.appendBatch(
      rows(Array.from({ length: numRows }, (_, i) => [i, i % 7 === 0 ? null : `key ${i}`, BigInt(i)])),
    )
    // Twice, so that a builder grows with hashes in it.
    writer.write(batch)
    writer.write(batch)
    writer.flush()
    let seen = 0
    for (const channel of channels) {
      for (let element = channel.take(); element !== null; element = channel.take()) {
        if (element.kind !== 'batch') throw new Error(element.kind)
        const { length, columns, kinds, keyHashes } = element.batch
        const expected = new Int32Array(length)
        hash({ length, columns, kinds }, expected)
        expect(keyHashes!.keys).toEqual(keys)
        expect(keyHashes!.values.subarray(0, length)).toEqual(expected)
        // Only for the key they were made of.
        const other = new Int32Array(length)
        compileHash(types, [1])(element.batch, other)
        expect(other).not.toEqual(expected)
        seen += length
        channel.pool.release(element.batch)
      }
    }
    expect(seen).toBe(2 * numRows)
    writer.close()
    batch.release()
  })

  it('gives a large batch to its only reader as it is, behind what was waiting', () => {
    const told: string[] = []
    const pool = new BatchPool([integerType()])
    const channel: ChannelWriter = {
      pool,
      put: element => {
        if (element.kind !== 'batch') return
        told.push(`put ${element.batch.length}`)
        pool.release(element.batch)
      },
      copy: ({ length }) => told.push(`copy ${length}`),
      hasCredit: () => true,
      credit: () => Promise.resolve(),
    }
    const writer = new ExchangeWriter([channel], new RowGroups(null, 1, 128))
    for (const numRows of [3, 4096, 2]) {
      const batch = new BatchBuilder([integerType()], numRows)
      for (let i = 0; i < numRows; i++) batch.addRow()
      writer.write(batch)
    }
    writer.flush()
    expect(told).toEqual(['put 3', 'copy 4096', 'put 2'])
    expect(pool.numOutstanding).toBe(0)
  })

  it('says when a channel has no credit, and resolves when it has again', async () => {
    const channel = new Channel(new BatchPool(types))
    const writer = new ExchangeWriter([channel], new RowGroups(null, 1, 128))
    const text = 'x'.repeat(100_000)
    expect(writer.ready()).toBeNull()
    for (let i = 0; i < 30; i++) writer.write(rows([[i, text, null]]))
    writer.flush()
    const ready = writer.ready()
    expect(ready).not.toBeNull()
    expect(drain(channel)).toHaveLength(30)
    await ready
    expect(writer.ready()).toBeNull()
  })

  it('reuses released batches without leftovers of earlier rows', () => {
    const channel = new Channel(new BatchPool(types))
    const writer = new ExchangeWriter([channel], new RowGroups(null, 1, 128))
    writer.write(rows([[1, null, null]], [ROW_DELETE]))
    writer.flush()
    expect(drain(channel)).toEqual([[3, 1, null, null]])
    writer.write(rows([[2, 'b', 7n]]))
    writer.flush()
    expect(drain(channel)).toEqual([[0, 2, 'b', 7n]])
  })
})
