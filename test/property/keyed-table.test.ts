/**
 * Keyed tables against a Map. Laws: the table has the Map's rows after any inserts, writes and removals; a frozen
 * view has the rows of its time whatever comes later.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowFinder } from '../../src/state/keys/row-finder.ts'
import type { TableView } from '../../src/state/table/frozen-table.ts'
import { KeyedTable } from '../../src/state/table/keyed-table.ts'
import { PAGE_ROWS } from '../../src/state/table/paged-column.ts'
import { numPages, scanPage } from '../../src/state/table/scan-table.ts'
import {
  bigintType,
  createColumns,
  decimalType,
  doubleType,
  type PlainValue,
  readPlain,
  stringType,
} from '../../src/types/index.ts'
import { batchOf, textOf } from '../support/operator-harness.ts'

const keyTypes = [stringType(), doubleType(), decimalType(30, 0)]
const valueTypes = [stringType(), bigintType()]
const types = [...keyTypes, ...valueTypes]

const key = fc.tuple(
  fc.option(
    fc.integer({ min: 0, max: 400 }).map(n => 'k'.repeat(n % 40) + n),
    { freq: 20 },
  ),
  fc.constantFrom(null, 0, 1.5, Number.NaN),
  fc.constantFrom(null, 10n ** 25n),
)
const value = fc.tuple(
  fc.option(fc.string({ maxLength: 200 }), { freq: 4 }),
  fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), { freq: 4 }),
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: fc.array(fc.tuple(key, value), { maxLength: 120 }) }) },
  { weight: 3, arbitrary: fc.record({ remove: fc.array(fc.nat(), { maxLength: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ release: fc.nat() }) },
  { weight: 2, arbitrary: fc.constant('freeze' as const) },
  { weight: 1, arbitrary: fc.constant('reset' as const) },
)

function rowsOf(view: TableView): string[] {
  const columns = createColumns(types, PAGE_ROWS)
  const ids = new Int32Array(PAGE_ROWS)
  const rows: string[] = []
  for (let page = 0; page < numPages(view); page++) {
    const count = scanPage(view, page, [...view.keys, ...view.values], columns, ids)
    for (let row = 0; row < count; row++) {
      rows.push(textOf(types.map((type, c) => readPlain(columns[c]!, row, type))))
    }
  }
  return rows.toSorted()
}

test('a keyed table is a Map, and a frozen view is that of its time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), steps => {
      const table = new KeyedTable(keyTypes, valueTypes)
      const finder = new RowFinder(types, [0, 1, 2])
      const map = new Map<string, PlainValue[]>()
      let frozen: { readonly view: ReturnType<KeyedTable['freeze']>; readonly rows: string[] }[] = []
      const expected = () => [...map.values()].map(row => textOf(row)).toSorted()
      const find = (rows: PlainValue[][], insert: boolean) => {
        const all = Int32Array.from(rows.keys())
        return [
          ...finder.find(table, batchOf(types, rows), all, rows.length, insert).subarray(0, rows.length),
        ]
      }
      for (const s of steps) {
        if (s === 'freeze') {
          frozen.push({ view: table.freeze(), rows: expected() })
        } else if (s === 'reset') {
          const isEmptied = table.reset()
          if (frozen.length > 0) expect(isEmptied).toBe(false)
          if (isEmptied) map.clear()
        } else if ('release' in s) {
          const gone = frozen[s.release % Math.max(1, frozen.length)]
          gone?.view.release()
          frozen = frozen.filter(one => one !== gone)
        } else if ('put' in s) {
          const rows = s.put.map(([k, v]) => [...k, ...v])
          const batch = batchOf(types, rows)
          find(rows, true).forEach((id, row) => {
            table.writeValue(id, 0, batch.columns[3]!, row)
            table.writeValue(id, 1, batch.columns[4]!, row)
          })
          for (const row of rows) map.set(textOf(row.slice(0, 3)), row)
        } else {
          const keys = [...map.keys()]
          const picked = new Set(s.remove.map(pick => keys[pick % Math.max(1, keys.length)]))
          for (const text of picked) {
            const row = text === undefined ? undefined : map.get(text)
            if (row === undefined) continue
            table.removeRow(find([row], false)[0]!)
            map.delete(text!)
            expect(find([row], false)).toEqual([-1])
          }
        }
        expect(table.size).toBe(map.size)
        for (const { view, rows } of frozen) expect(rowsOf(view)).toEqual(rows)
      }
      expect(rowsOf(table)).toEqual(expected())
    }),
    { numRuns: 150 },
  )
})
