import { describe, expect, test } from 'vitest'
import { parseDatagenOptions } from '../../../../src/connectors/datagen/datagen-options.ts'
import { type Clock, DatagenSource } from '../../../../src/connectors/datagen/datagen-source.ts'
import { datagenConnector } from '../../../../src/connectors/datagen/index.ts'
import {
  arrayType,
  bigintType,
  booleanType,
  bytesType,
  dateType,
  decimalType,
  doubleType,
  floatType,
  integerType,
  type JsRow,
  mapType,
  rowType,
  smallintType,
  stringType,
  timestampLtzType,
  timestampType,
  timeType,
  tinyintType,
  varcharType,
} from '../../../../src/types/index.ts'
import {
  type Columns,
  drain,
  readAll,
  rowsOf,
  sourceRequest,
  tableOf,
} from '../../../support/connector-kit.ts'

/** Time that only passes while the reader sleeps. */
class FakeClock implements Clock {
  time = 0
  slept: number[] = []
  now = () => this.time
  sleep = async (ms: number) => {
    this.slept.push(ms)
    this.time += ms
  }
}

const fast = {
  connector: 'datagen',
  'rows-per-second': '1000000000',
  seed: '7',
  'start-timestamp-millis': '1000000',
}
const table = (options: Record<string, string>, columns: Columns) => tableOf({ ...fast, ...options }, columns)
const read = (options: Record<string, string>, columns: Columns): Promise<JsRow[]> =>
  readAll(datagenConnector, sourceRequest(table(options, columns)))

describe('fields', () => {
  test('sequences end the table, the shortest first', async () => {
    const rows = await read(
      {
        'fields.a.kind': 'sequence',
        'fields.a.start': '5',
        'fields.a.end': '8',
        'fields.b.kind': 'sequence',
        'fields.b.start': '-1',
        'fields.b.end': '100',
        'fields.c.kind': 'sequence',
        'fields.c.start': '9007199254740992',
        'fields.c.end': '9223372036854775807',
      },
      { a: integerType(), b: decimalType(5, 1), c: bigintType() },
    )
    expect(rows).toEqual([
      { a: 5, b: '-1.0', c: 9007199254740992n },
      { a: 6, b: '0.0', c: 9007199254740993n },
      { a: 7, b: '1.0', c: 9007199254740994n },
      { a: 8, b: '2.0', c: 9007199254740995n },
    ])
  })

  test('random values keep their bounds and fill them', async () => {
    const rows = await read(
      {
        'number-of-rows': '2000',
        'fields.a.min': '1',
        'fields.a.max': '3',
        'fields.b.min': '-9223372036854775808',
        'fields.b.max': '-9223372036854775807',
        'fields.d.min': '0.5',
        'fields.d.max': '0.75',
        'fields.e.min': '1.00',
        'fields.e.max': '1.02',
        'fields.s.length': '5',
        'fields.v.var-len': 'true',
        'fields.n.null-rate': '0.5',
      },
      {
        a: tinyintType(),
        b: bigintType(),
        d: doubleType(),
        e: decimalType(30, 2),
        s: stringType(),
        v: varcharType(4),
        n: integerType(),
      },
    )
    const distinct = (name: string) => new Set(rows.map(row => String(row[name])))
    expect([...distinct('a')].sort()).toEqual(['1', '2', '3'])
    expect([...distinct('b')].sort()).toEqual(['-9223372036854775807', '-9223372036854775808'])
    for (const row of rows) expect(row['d']).toSatisfy((d: number) => d >= 0.5 && d <= 0.75)
    expect([...distinct('e')].sort()).toEqual(['1.00', '1.01', '1.02'])
    for (const row of rows) expect(row['s']).toMatch(/^[0-9a-f]{5}$/)
    expect(new Set(rows.map(row => (row['v'] as string).length))).toEqual(new Set([1, 2, 3, 4]))
    const numNulls = rows.filter(row => row['n'] === null).length
    expect(numNulls).toBeGreaterThan(800)
    expect(numNulls).toBeLessThan(1200)
  })

  test('every type has random values', async () => {
    const columns = {
      bool: booleanType(),
      small: smallintType(),
      float: floatType(),
      bytes: bytesType(),
      date: dateType(),
      time: timeType(3),
      ts: timestampType(9),
      array: arrayType(integerType()),
      map: mapType(stringType(), doubleType()),
      row: rowType([{ name: 'x', type: integerType() }]),
    }
    const rows = await read(
      { 'number-of-rows': '50', 'fields.array.length': '2', 'fields.row.x.max': '-1' },
      columns,
    )
    expect(rows).toHaveLength(50)
    for (const row of rows) {
      expect(Object.values(row).every(value => value !== null)).toBe(true)
      expect(row['array']).toHaveLength(2)
      expect((row['row'] as { x: number }).x).toBeLessThan(0)
      expect(row['bytes']).toHaveLength(100)
    }
    expect(rows.some(row => row['bool'] === true) && rows.some(row => row['bool'] === false)).toBe(true)
  })

  test('timestamps follow the schedule, at most max-past behind it', async () => {
    const rows = await read(
      { 'rows-per-second': '1000', 'number-of-rows': '20', 'fields.late.max-past': '5 s' },
      { now: timestampLtzType(3), late: timestampLtzType(3) },
    )
    expect(rows.map(row => (row['now'] as Date).getTime())).toEqual(rows.map((_, i) => 1_000_000 + i))
    for (const [i, row] of rows.entries()) {
      const behind = 1_000_000 + i - (row['late'] as Date).getTime()
      expect(behind).toBeGreaterThanOrEqual(0)
      expect(behind).toBeLessThanOrEqual(5000)
    }
    expect(new Set(rows.map(row => (row['late'] as Date).getTime())).size).toBeGreaterThan(10)
  })
})

describe('replay', () => {
  const columns = { id: bigintType(), x: integerType(), s: stringType(), at: timestampType(3) }
  const options = { 'fields.id.kind': 'sequence', 'fields.id.start': '0', 'fields.id.end': '9999' }
  const byId = (rows: readonly JsRow[]) => [...rows].sort((a, b) => Number(a['id']) - Number(b['id']))

  test('the same seed gives the same rows at any parallelism, another seed others', async () => {
    const request = sourceRequest(table(options, columns))
    const whole = await readAll(datagenConnector, request)
    const source = datagenConnector.createSource!(request, undefined as never)
    const parts = []
    for (const subtask of [0, 1, 2]) {
      const reader = await source.createReader({
        subtask,
        parallelism: 3,
        restored: await source.initialSplits(),
      })
      parts.push(...rowsOf(await drain(reader, request.columns)))
    }
    expect(whole.map(row => row['id'])).toEqual(Array.from({ length: 10_000 }, (_, i) => BigInt(i)))
    expect(byId(parts)).toEqual(whole)
    const other = await readAll(datagenConnector, sourceRequest(table({ ...options, seed: '8' }, columns)))
    expect(other.map(row => row['x'])).not.toEqual(whole.map(row => row['x']))
  })

  test('goes on from a snapshot without repeating or losing a row, without a seed, at another parallelism', async () => {
    const { seed: _, 'start-timestamp-millis': __, ...unseeded } = fast
    const request = sourceRequest(tableOf({ ...unseeded, ...options }, columns))
    const source = datagenConnector.createSource!(request, undefined as never)
    const initial = await source.initialSplits()
    const read = async (parallelism: number, restored: typeof initial, limit: number) => {
      const rows: JsRow[] = []
      const states: (typeof initial)[number][] = []
      for (let subtask = 0; subtask < parallelism; subtask++) {
        const reader = await source.createReader({ subtask, parallelism, restored })
        rows.push(...rowsOf(await drain(reader, request.columns, limit)))
        states.push(...reader.snapshot())
      }
      return { rows, states: JSON.parse(JSON.stringify(states)) as typeof initial }
    }
    const whole = await read(2, initial, 100_000)
    const first = await read(2, initial, 1)
    const second = await read(3, first.states, 1)
    const last = await read(1, second.states, 100_000)
    expect(first.rows.length).toBeLessThan(10_000)
    expect(byId([...first.rows, ...second.rows, ...last.rows])).toEqual(byId(whole.rows))
  })
})

test('the rate holds, in batches', async () => {
  const clock = new FakeClock()
  const request = sourceRequest(
    table({ 'rows-per-second': '1000', 'number-of-rows': '500' }, { x: integerType() }),
  )
  const source = new DatagenSource(request, parseDatagenOptions(request.table), clock)
  const reader = await source.createReader({ subtask: 0, parallelism: 1, restored: null })
  expect(rowsOf(await drain(reader, request.columns))).toHaveLength(500)
  expect(clock.time).toBeGreaterThanOrEqual(495)
  expect(clock.time).toBeLessThanOrEqual(510)
  expect(clock.slept.length).toBeLessThan(120)
})

test('close ends the wait for a slow table', async () => {
  const request = sourceRequest(table({ 'rows-per-second': '1' }, { x: integerType() }))
  const source = datagenConnector.createSource!(request, undefined as never)
  const reader = await source.createReader({ subtask: 0, parallelism: 1000, restored: null })
  expect(reader.poll()!.batch.length).toBe(1)
  const waiting = reader.ready()
  await reader.close()
  await waiting
})

test('an unbounded table says so', () => {
  const capabilities = (options: Record<string, string>) =>
    datagenConnector.capabilities(table(options, { x: integerType() }), () => undefined)
  expect(capabilities({}).source).toMatchObject({ bounded: false, changelogMode: 'insert' })
  expect(capabilities({ 'number-of-rows': '5' }).source?.bounded).toBe(true)
})

describe('wrong options', () => {
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ 'fields.y.min': '1' }, /no field 'y'/],
    [{ 'fields.x.min': '5', 'fields.x.max': '4' }, /fields\.x\.max/],
    [{ 'fields.x.min': 'one' }, /fields\.x\.min/],
    [{ 'fields.x.max': '3000000000' }, /fields\.x\.max/],
    [{ 'fields.x.kind': 'sequence', 'fields.x.start': '1' }, /needs 'fields\.x\.end'/],
    [{ 'fields.x.kind': 'squence' }, /fields\.x\.kind/],
    [{ 'fields.b.kind': 'sequence', 'fields.b.start': '1', 'fields.b.end': '2' }, /no sequence of BOOLEAN/],
    [{ 'fields.x.null-rate': '2' }, /null-rate/],
    [{ 'fields.s.length': '11' }, /at most 10|fields\.s\.length/],
    [{ 'rows-per-second': '0' }, /rows-per-second/],
    [{ 'row-per-second': '1' }, /no option 'row-per-second'/],
  ]
  test.each(cases)('%o', (options, message) => {
    const definition = table(options, { x: integerType(), b: booleanType(), s: varcharType(10) })
    expect(() => datagenConnector.capabilities(definition, () => undefined)).toThrow(message)
  })
})
