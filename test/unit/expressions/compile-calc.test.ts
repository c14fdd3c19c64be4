import { describe, expect, it } from 'vitest'
import { compileCalc } from '../../../src/expressions/index.ts'
import { numCachedKernels } from '../../../src/expressions/kernel/kernel-cache.ts'
import {
  BatchBuilder,
  bigintType,
  integerType,
  ROW_DELETE,
  ROW_INSERT,
  ROW_UPDATE_AFTER,
  stringType,
  timestampType,
} from '../../../src/types/index.ts'
import { bindSql } from '../../support/expressions/bind-sql.ts'
import { batchOf, runCalc, runOne, testEnvironment } from '../../support/expressions/run-kernel.ts'

const columns = [
  { name: 'id', type: integerType() },
  { name: 'price', type: bigintType() },
  { name: 'url', type: stringType() },
  { name: 'ts', type: timestampType(3) },
]
const inputTypes = columns.map(column => column.type)
const sql = (text: string) => bindSql(text, columns)
const rows = [
  [1, 10n, 'a/b', 1000],
  [2, null, 'c', 2000],
  [null, 30n, null, null],
  [4, 40n, 'dé/e', 4000],
]

describe('compileCalc', () => {
  it('filters and projects', () => {
    const result = runCalc(
      inputTypes,
      rows,
      [sql('id + 1'), sql('UPPER(url)'), sql('price')],
      sql('price >= 10'),
    )
    expect(result).toEqual([
      [2, 'A/B', 10n],
      [null, null, 30n],
      [5, 'DÉ/E', 40n],
    ])
  })

  it('passes columns by reference when every row passes', () => {
    const kernel = compileCalc(
      {
        inputTypes,
        condition: sql('id IS NULL OR id > 0'),
        projections: [sql('url'), sql('id * 2')],
        watermark: null,
      },
      testEnvironment,
    )
    const batch = batchOf(inputTypes, rows)
    expect(kernel.process(batch).columns[0]).toBe(batch.columns[2])
    const some = batchOf(inputTypes, [...rows, [-1, 0n, 'gone', 0]])
    const out = kernel.process(some)
    expect(out.length).toBe(4)
    expect(out.columns[0]).not.toBe(some.columns[2])
  })

  it('gathers passed columns of every storage', () => {
    const types = [...inputTypes, timestampType(9)]
    const wide = [
      [1, 1n, 'x', 1, [1, 2]],
      [2, 2n, 'yy', 2, [3, 4]],
      [3, 3n, 'zzz', 3, null],
    ] as const
    const all = [...columns, { name: 'ns', type: timestampType(9) }]
    const projections = all.map(column => bindSql(column.name, all))
    expect(runCalc(types, wide, projections, bindSql('id <> 1', all))).toEqual([
      [2, 2n, 'yy', 2, [3, 4]],
      [3, 3n, 'zzz', 3, null],
    ])
  })

  it('carries row kinds over', () => {
    const builder = new BatchBuilder([integerType()], 4)
    for (const [value, kind] of [
      [1, ROW_INSERT],
      [2, ROW_DELETE],
      [3, ROW_UPDATE_AFTER],
    ] as const) {
      const row = builder.addRow(kind)
      const column = builder.columns[0]!
      if (column.storage === 'i32') column.values[row] = value
    }
    const only = [{ name: 'a', type: integerType() }]
    const kernel = compileCalc(
      {
        inputTypes: [integerType()],
        condition: bindSql('a > 1', only),
        projections: [bindSql('a', only)],
        watermark: null,
      },
      testEnvironment,
    )
    const out = kernel.process(builder)
    expect([...out.kinds!.subarray(0, out.length)]).toEqual([ROW_DELETE, ROW_UPDATE_AFTER])
  })

  it('takes the maximum of the watermark over all rows, dropped ones too', () => {
    const kernel = compileCalc(
      {
        inputTypes,
        condition: sql('id = 1'),
        projections: [sql('id')],
        watermark: sql("ts - INTERVAL '1' SECOND"),
      },
      testEnvironment,
    )
    expect(kernel.maxWatermark).toBe(Number.NEGATIVE_INFINITY)
    kernel.process(batchOf(inputTypes, rows))
    expect(kernel.maxWatermark).toBe(3000)
    kernel.process(batchOf(inputTypes, [[1, 1n, 'x', null]]))
    expect(kernel.maxWatermark).toBe(Number.NEGATIVE_INFINITY)
  })

  it('works on batches larger than those before, and on empty ones', () => {
    const kernel = compileCalc(
      {
        inputTypes,
        condition: sql('price > 0'),
        projections: [sql("url || '!'"), sql('id')],
        watermark: null,
      },
      testEnvironment,
    )
    for (const length of [0, 3, 5000, 1]) {
      const many = Array.from({ length }, (_, i) => [i, BigInt(i % 3), `u${i}`, 0])
      const out = kernel.process(batchOf(inputTypes, many))
      expect(out.length).toBe(many.filter(row => row[1] !== 0n).length)
    }
  })

  it('raises errors only on rows that reach them', () => {
    const condition = sql('id <> 0')
    const projections = [sql('CASE WHEN id > 1 THEN 10 / (id - 1) ELSE 0 END')]
    expect(
      runCalc(
        inputTypes,
        [
          [1, 0n, '', 0],
          [3, 0n, '', 0],
        ],
        projections,
        condition,
      ),
    ).toEqual([[0], [5]])
    expect(runOne(bindSql('COALESCE(1, 1 / 0)'))).toBe(1)
    expect(runOne(bindSql('1 = 1 OR 1 / 0 = 1'))).toBe(true)
    expect(runOne(bindSql('IF(FALSE, 1 / 0, 7)'))).toBe(7)
    expect(() => runOne(bindSql('1 / 0'))).toThrow(
      expect.objectContaining({ code: 'MR_EXPR_DIVISION_BY_ZERO', family: 'runtime' }),
    )
  })

  it('says which value could not be cast', () => {
    expect(() => runCalc(inputTypes, [[1, 1n, 'abc', 0]], [sql('CAST(url AS INT)')])).toThrow(
      expect.objectContaining({
        code: 'MR_EXPR_CAST',
        message: "cannot cast 'abc' to INT",
        details: expect.objectContaining({ hint: expect.stringContaining('TRY_CAST') }),
      }),
    )
    expect(runCalc(inputTypes, [[1, 1n, 'abc', 0]], [sql('TRY_CAST(url AS INT)')])).toEqual([[null]])
  })

  it('shares the text of kernels that differ in constants only', () => {
    const compile = (limit: number) =>
      compileCalc(
        { inputTypes, condition: sql(`price > ${limit}`), projections: [sql('id + 3 * 7')], watermark: null },
        testEnvironment,
      )
    const first = compile(1)
    const before = numCachedKernels()
    const second = compile(25)
    expect(numCachedKernels()).toBe(before)
    expect(first.process(batchOf(inputTypes, rows)).length).toBe(3)
    expect(second.process(batchOf(inputTypes, rows)).length).toBe(2)
  })
})
