import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, expect, test } from 'vitest'
import { writeTable } from '../../../../src/state/snapshot/write-table.ts'
import type { StateSchema } from '../../../../src/state/state-io.ts'
import {
  arrayType,
  bigintType,
  booleanType,
  dateType,
  decimalType,
  doubleType,
  integerType,
  type LogicalType,
  type PlainValue,
  smallintType,
  stringType,
  timestampLtzType,
  timestampType,
} from '../../../../src/types/index.ts'
import { batchOf } from '../../../support/operator-harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-state-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function readWithDuckDb(types: readonly LogicalType[], batches: readonly PlainValue[][][]) {
  const schema: StateSchema = {
    name: 'test',
    version: 1,
    keyed: false,
    columns: types.map((type, c) => ({ name: `c${c}`, type })),
  }
  const path = join(folder, `state-${Math.random()}.parquet`)
  writeFileSync(
    path,
    writeTable(
      schema,
      batches.map(rows => batchOf(types, rows)),
    ),
  )
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const columns = types.map((_, c) => `c${c}::VARCHAR AS c${c}`).join(', ')
  const typeOf = types.map((_, c) => `typeof(c${c}) AS t${c}`).join(', ')
  const rows = await connection.runAndReadAll(`SELECT ${columns} FROM '${path}'`)
  const described = await connection.runAndReadAll(`SELECT ${typeOf} FROM '${path}' LIMIT 1`)
  const counted = await connection.runAndReadAll(`SELECT count(*)::VARCHAR FROM '${path}'`)
  connection.closeSync()
  return { rows: rows.getRows(), types: described.getRows()[0] ?? [], count: counted.getRows()[0]![0] }
}

test('DuckDB shows every type as what it is', async () => {
  const types = [
    booleanType(),
    smallintType(),
    integerType(),
    bigintType(),
    decimalType(10, 2),
    decimalType(38, 4),
    doubleType(),
    stringType(),
    dateType(),
    timestampType(3),
    timestampLtzType(6),
    arrayType(integerType()),
  ]
  const { rows, types: names } = await readWithDuckDb(types, [
    [
      [
        true,
        -5,
        7,
        -(2n ** 60n),
        12345n,
        -(10n ** 30n),
        1.5,
        'héllo',
        19000,
        1_700_000_000_123,
        1_000_000n,
        [1, 2],
      ],
      types.map(() => null),
    ],
    [[false, 1, -2, 3n, -1n, 5n, -0.25, '', -1, -1, 0n, []]],
  ])
  expect(names).toEqual([
    'BOOLEAN',
    'SMALLINT',
    'INTEGER',
    'BIGINT',
    'DECIMAL(10,2)',
    'DECIMAL(38,4)',
    'DOUBLE',
    'VARCHAR',
    'DATE',
    'TIMESTAMP',
    'TIMESTAMP WITH TIME ZONE',
    'JSON',
  ])
  expect(rows[0]!.toSpliced(10, 1)).toEqual([
    'true',
    '-5',
    '7',
    '-1152921504606846976',
    '123.45',
    '-100000000000000000000000000.0000',
    '1.5',
    'héllo',
    '2022-01-08',
    '2023-11-14 22:13:20.123',
    '[1,2]',
  ])
  expect(rows[1]).toEqual(types.map(() => null))
  expect(rows[2]!.slice(0, 10)).toEqual([
    'false',
    '1',
    '-2',
    '3',
    '-0.01',
    '0.0005',
    '-0.25',
    '',
    '1969-12-31',
    '1969-12-31 23:59:59.999',
  ])
})

test('DuckDB reads many pages and row groups, and an empty state', async () => {
  const types = [integerType(), stringType()]
  const batches = Array.from({ length: 40 }, (_, b) =>
    Array.from({ length: 4096 }, (_, i) => [b * 4096 + i, i % 7 === 0 ? null : `value ${i % 10}`]),
  )
  const { count, rows } = await readWithDuckDb(types, batches)
  expect(count).toBe(String(40 * 4096))
  const written = batches.flat().map(([number, text]) => `${String(number)}|${String(text)}`)
  expect(rows.map(([number, text]) => `${String(number)}|${String(text)}`).join()).toBe(written.join())
  expect((await readWithDuckDb(types, [])).count).toBe('0')
})
