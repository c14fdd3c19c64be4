import { describe, expect, test } from 'vitest'
import { RowFinder } from '../../../../src/state/keys/row-finder.ts'
import { ByteHeap } from '../../../../src/state/table/byte-heap.ts'
import { BLOCK_ROWS, type TableView } from '../../../../src/state/table/frozen-table.ts'
import { KeyedTable } from '../../../../src/state/table/keyed-table.ts'
import { PAGE_ROWS } from '../../../../src/state/table/paged-column.ts'
import { numPages, scanPage } from '../../../../src/state/table/scan-table.ts'
import { TOUCH_ROWS } from '../../../../src/state/table/touch.ts'
import {
  BatchBuilder,
  bigintType,
  createColumns,
  decimalType,
  doubleType,
  integerType,
  type LogicalType,
  type PlainValue,
  readPlain,
  stringType,
  timestampType,
} from '../../../../src/types/index.ts'
import { batchOf } from '../../../support/operator-harness.ts'

const allOf = (length: number) => Int32Array.from({ length }, (_, i) => i)

function rowsOf(view: TableView, types: readonly LogicalType[]): PlainValue[][] {
  const columns = createColumns(types, PAGE_ROWS)
  const ids = new Int32Array(PAGE_ROWS)
  const rows: PlainValue[][] = []
  for (let page = 0; page < numPages(view); page++) {
    const count = scanPage(view, page, [...view.keys, ...view.values], columns, ids)
    for (let row = 0; row < count; row++) rows.push(types.map((type, c) => readPlain(columns[c]!, row, type)))
  }
  return rows
}

describe('a keyed table', () => {
  test('finds a million keys again, and the first after each batch', () => {
    const table = new KeyedTable([bigintType()], [bigintType(false)])
    const finder = new RowFinder([bigintType()], [0])
    const batch = new BatchBuilder([bigintType()], 4096)
    const column = batch.columns[0]!
    for (let _ = 0; _ < 4096; _++) batch.addRow()
    const fill = (from: number) => {
      if (column.storage === 'i64') for (let i = 0; i < 4096; i++) column.setNumber(i, (from + i) * 7919)
    }
    const numBatches = 245
    for (let b = 0; b < numBatches; b++) {
      fill(b * 4096)
      const ids = finder.find(table, batch, allOf(4096), 4096, true)
      expect([ids[0], ids[4095]]).toEqual([b * 4096, b * 4096 + 4095])
    }
    expect(table.size).toBe(numBatches * 4096)
    for (let b = 0; b < numBatches; b += 50) {
      fill(b * 4096)
      expect(finder.find(table, batch, allOf(4096), 4096, false)[77]).toBe(b * 4096 + 77)
    }
    fill(numBatches * 4096)
    expect(finder.find(table, batch, allOf(4096), 4096, false).every(id => id === -1)).toBe(true)
  })

  test('is emptied for another use of its memory, unless a snapshot reads it or it was nearly empty', () => {
    const types = [stringType(), stringType(), bigintType()]
    const table = new KeyedTable([stringType()], types.slice(1))
    const finder = new RowFinder(types, [0])
    const fill = (name: string, count: number) => {
      const rows = Array.from({ length: count }, (_, i): PlainValue[] => [
        name + i,
        i % 2 === 0 ? null : 'x'.repeat(i),
        BigInt(i),
      ])
      const batch = batchOf(types, rows)
      finder.find(table, batch, allOf(count), count, true).forEach((id, row) => {
        if (row >= count) return
        table.writeValue(id, 0, batch.columns[1]!, row)
        table.writeValue(id, 1, batch.columns[2]!, row)
      })
      return rows
    }
    fill('a', 2000)
    const frozen = table.freeze()
    expect(table.reset()).toBe(false)
    frozen.release()
    expect(table.size).toBe(2000)
    expect(table.reset()).toBe(true)
    expect(rowsOf(table, types)).toEqual([])
    const held = table.heapBytes
    const rows = fill('b', 2000)
    expect(rowsOf(table, types)).toEqual(rows)
    expect(table.heapBytes).toBeLessThanOrEqual(held + 2048)
    table.reset()
    fill('c', 10)
    expect(table.reset()).toBe(false)
  })

  test('keeps its rows apart when all have one hash', () => {
    const table = new KeyedTable([], [], true)
    const ids = Array.from({ length: 9000 }, () => table.insertRow(12345))
    expect(new Set(ids).size).toBe(9000)
    for (const id of ids.toReversed().slice(0, 8999)) table.removeRow(id)
    expect(table.size).toBe(1)
    const finder = new RowFinder([stringType()], [])
    finder.hashes[0] = 12345
    expect(finder.probe(table, batchOf([stringType()], [['x']]), allOf(1), 1, false)[0]).toBe(0)
  })

  test('finds keys of every storage in a large table: NULL, zero, the empty string', () => {
    const types = [
      integerType(),
      doubleType(),
      bigintType(),
      timestampType(9),
      stringType(),
      decimalType(30, 2),
    ]
    const table = new KeyedTable(types, [])
    const finder = new RowFinder(types, [0, 1, 2, 3, 4, 5])
    const odd: PlainValue[][] = [
      [null, null, null, null, null, null],
      [0, 0, 0n, [0, 0], '', 0n],
      [null, 0, 0n, [0, 0], '', 0n],
      [0, null, 0n, [0, 0], '', 0n],
      [0, 0, null, [0, 0], '', 0n],
      [0, 0, 0n, null, '', 0n],
      [0, 0, 0n, [0, 0], null, 0n],
      [0, 0, 0n, [0, 0], '', null],
      [0, Number.NaN, 0n, [0, 1], 'a', 0n],
    ]
    const rows = [
      ...odd,
      ...Array.from({ length: TOUCH_ROWS + 5000 }, (_, i) => [
        i,
        i / 3,
        BigInt(i),
        [i, i % 7],
        `key ${i}`,
        BigInt(i),
      ]),
    ]
    const find = (from: number, insert: boolean) => {
      const some = rows.slice(from, from + 4000)
      return [...finder.find(table, batchOf(types, some), allOf(some.length), some.length, insert)].slice(
        0,
        some.length,
      )
    }
    for (let from = 0; from < rows.length; from += 4000) find(from, true)
    expect(table.size).toBe(rows.length)
    const found: number[] = []
    for (let from = 0; from < rows.length; from += 4000) found.push(...find(from, false))
    expect(found).toEqual(rows.map((_, id) => id))
  })

  test('a frozen view keeps rows, strings and all, while the table changes', () => {
    const types = [stringType(), stringType()]
    const table = new KeyedTable([stringType()], [stringType()])
    const finder = new RowFinder(types, [0])
    const write = (rows: PlainValue[][]) => {
      const batch = batchOf(types, rows)
      const ids = finder.find(table, batch, allOf(rows.length), rows.length, true).slice(0, rows.length)
      ids.forEach((id, row) => {
        table.writeValue(id, 0, batch.columns[1]!, row)
      })
      return ids
    }
    const before = Array.from({ length: 5000 }, (_, i) => [`key ${i}`, `value ${i}`])
    const ids = write(before)
    const frozen = table.freeze()
    for (let i = 0; i < 5000; i += 2) table.removeRow(ids[i]!)
    const later = Array.from({ length: 5000 }, (_, i) => [`new ${i}`, `other ${i}`])
    write([...later, ['key 1', 'changed']])
    expect(rowsOf(frozen, types)).toEqual(before)
    frozen.release()
    frozen.release()
    expect(rowsOf(table, types).toSorted()).toEqual(
      [...later, ...before.filter((_, i) => i % 2 === 1 && i !== 1), ['key 1', 'changed']].toSorted(),
    )
    expect(table.size).toBe(7500)
  })

  test('a write while a snapshot is there copies the values of its block and nothing else; keys only when a row comes or goes', () => {
    const table = new KeyedTable([bigintType()], [bigintType(false), stringType()])
    const ids = Array.from({ length: PAGE_ROWS * 3 }, (_, i) => table.insertRow(i * 7919))
    const one = batchOf([bigintType(false)], [[5n]])
    const write = (id: number) => table.writeValue(id, 0, one.columns[0]!, 0)
    const frozen = table.freeze()
    for (let n = 0; n < 3; n++) write(ids[PAGE_ROWS + 1]!)
    expect(frozen.numImages).toEqual({ keys: 0, values: 1 })
    write(ids[PAGE_ROWS + 1 + BLOCK_ROWS]!)
    expect(frozen.numImages).toEqual({ keys: 0, values: 2 })
    table.removeRow(ids[PAGE_ROWS + 2]!)
    expect(frozen.numImages).toEqual({ keys: 1, values: 2 })
    table.insertRow(1)
    table.insertRow(2)
    expect(frozen.numImages).toEqual({ keys: 1, values: 2 })

    const second = table.freeze()
    write(ids[PAGE_ROWS + 1]!)
    expect(frozen.numImages).toEqual({ keys: 1, values: 2 })
    expect(second.numImages).toEqual({ keys: 0, values: 1 })
    second.passed(0)
    write(ids[5]!)
    expect(second.numImages).toEqual({ keys: 0, values: 1 })

    frozen.release()
    second.release()
    write(ids[0]!)
    expect(second.numImages).toEqual({ keys: 0, values: 1 })
  })

  test('every storage comes back from a frozen view as it was', () => {
    const types = [
      integerType(true),
      doubleType(true),
      bigintType(true),
      timestampType(9, true),
      stringType(true),
      decimalType(30, 2, true),
    ]
    const rowsAt = (n: number): PlainValue[][] =>
      Array.from({ length: 300 }, (_, i) =>
        (i + n) % 7 === 0
          ? [i, null, null, null, null, null, null]
          : [
              i,
              i + n,
              i / 3 + n,
              BigInt(i) * 10n ** 12n,
              [i * 1000 + n, 123_456 + n],
              `s${i}-${n}`,
              BigInt(i) * 10n ** 20n + BigInt(n),
            ],
      )
    const all = [integerType(false), ...types]
    const table = new KeyedTable([all[0]!], types)
    const finder = new RowFinder(all, [0])
    const write = (rows: PlainValue[][]) => {
      const batch = batchOf(all, rows)
      const ids = finder.find(table, batch, allOf(rows.length), rows.length, true).slice(0, rows.length)
      ids.forEach((id, row) => {
        for (let v = 0; v < types.length; v++) table.writeValue(id, v, batch.columns[v + 1]!, row)
      })
    }
    write(rowsAt(0))
    const before = rowsOf(table, all)
    const frozen = table.freeze()
    write(rowsAt(1))
    expect(rowsOf(table, all)).not.toEqual(before)
    expect(rowsOf(frozen, all)).toEqual(before)
    frozen.release()
  })

  test('reuses rows and strings that were removed', () => {
    const table = new KeyedTable([stringType()], [])
    const finder = new RowFinder([stringType()], [0])
    for (let round = 0; round < 50; round++) {
      const rows = Array.from({ length: 1000 }, (_, i) => [`round ${round} key ${i}`])
      const ids = finder.find(table, batchOf([stringType()], rows), allOf(1000), 1000, true).slice(0, 1000)
      for (const id of ids) table.removeRow(id)
    }
    expect(table.numRowIds).toBe(1000)
    expect(table.heapBytes).toBeLessThan(200_000)
  })
})

describe('a byte heap', () => {
  const store = (heap: ByteHeap, text: string) => {
    const bytes = new TextEncoder().encode(text)
    return heap.store(bytes, 0, bytes.length)
  }
  const load = (heap: ByteHeap, address: number, length: number) => {
    const start = address & 0xffff
    return new TextDecoder().decode(heap.chunks[address >>> 16]!.subarray(start, start + length))
  }

  test('keeps values of all sizes, also larger than a chunk', () => {
    const heap = new ByteHeap()
    const texts = [0, 1, 8, 9, 127, 129, 65_535, 65_537, 300_000, 3].map(n => 'x'.repeat(n))
    const addresses = texts.map(text => store(heap, text))
    texts.forEach((text, i) => {
      if (text !== '') expect(load(heap, addresses[i]!, text.length)).toBe(text)
    })
  })

  test('does not reuse what was freed while frozen, until all snapshots are released', () => {
    const heap = new ByteHeap()
    const address = store(heap, 'frozen')
    heap.freeze()
    heap.freeze()
    heap.free(address, 6)
    heap.thaw()
    expect(store(heap, 'other!')).not.toBe(address)
    heap.thaw()
    expect(store(heap, 'newest')).toBe(address)
  })
})
