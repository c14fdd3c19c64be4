import { afterEach, describe, expect, test } from 'vitest'
import {
  insertsOf,
  insertsWithWatermarks,
  registerValues,
  removeValues,
  ValuesTable,
  valuesConnector,
} from '../../../../src/connectors/values/index.ts'
import { bigintType, integerType, stringType } from '../../../../src/types/index.ts'
import {
  batchOf,
  drain,
  jobContext,
  readAll,
  rowsOf,
  sinkRequest,
  sourceRequest,
  tableOf,
} from '../../../support/connector-kit.ts'

const columns = { id: integerType(), name: stringType(), big: bigintType() }
const options = { connector: 'values', 'data-id': 'x' }
const request = (more: Record<string, string> = {}, names?: string[]) =>
  sourceRequest(tableOf({ ...options, ...more }, columns), names)

afterEach(() => removeValues('x'))

describe('source', () => {
  test('rows by name or in order, with kinds; only the wanted columns', async () => {
    registerValues(
      'x',
      new ValuesTable([
        [{ row: { id: 1, name: 'a', big: 5n } }, { kind: '-U', row: [2, null, 6] }, { row: { id: 3 } }],
      ]),
    )
    const wanted = request({ 'changelog-mode': 'I,UB,UA,D' }, ['id', 'big'])
    const source = valuesConnector.createSource!(wanted, jobContext())
    const reader = await source.createReader({ subtask: 0, parallelism: 1, restored: null })
    expect(await drain(reader, wanted.columns)).toEqual([
      { kind: '+I', split: 'split-0', row: { id: 1, big: 5n } },
      { kind: '-U', split: 'split-0', row: { id: 2, big: 6n } },
      { kind: '+I', split: 'split-0', row: { id: 3, big: null } },
    ])
    expect(reader.finished).toBe(true)
  })

  test('a watermark ends its batch and comes after the rows before it', async () => {
    const elements = [{ row: [1, 'a', 1n] }, { watermark: 10 }, { row: [2, 'b', 2n] }, { row: [3, 'c', 3n] }]
    registerValues('x', new ValuesTable([elements]))
    const source = valuesConnector.createSource!(request(), jobContext())
    const reader = await source.createReader({ subtask: 0, parallelism: 1, restored: null })
    const first = reader.poll()!
    expect([first.batch.length, first.watermark]).toEqual([1, 10])
    const second = reader.poll()!
    expect([second.batch.length, second.watermark]).toEqual([2, undefined])
    expect(reader.poll()).toBeNull()
  })

  test('a watermark behind every row', async () => {
    const rows = [
      [1, 'a', 10n],
      [2, 'b', 20n],
    ]
    registerValues('x', new ValuesTable([insertsWithWatermarks(rows, row => Number(row[2]) - 5)]))
    const source = valuesConnector.createSource!(request({}, ['id']), jobContext())
    const reader = await source.createReader({ subtask: 0, parallelism: 1, restored: null })
    const steps = await drain(reader, request({}, ['id']).columns)
    expect(steps.map(step => ('watermark' in step ? step.watermark : step.row['id']))).toEqual([1, 5, 2, 15])
  })

  test('goes on from a snapshot, at another parallelism', async () => {
    const split = (base: number) => insertsOf([1, 2, 3, 4].map(i => [base + i, null, null]))
    registerValues('x', new ValuesTable([split(0), split(10), split(20)]))
    const wanted = request({ 'rows-per-batch': '2' }, ['id'])
    const source = valuesConnector.createSource!(wanted, jobContext())
    const reader = await source.createReader({
      subtask: 0,
      parallelism: 1,
      restored: await source.initialSplits(),
    })
    const before = rowsOf([
      ...(await drain(reader, wanted.columns, 2)),
      ...(await drain(reader, wanted.columns, 2)),
    ]).map(row => row['id'])
    const restored = JSON.parse(JSON.stringify(reader.snapshot()))
    const after = []
    for (const subtask of [0, 1]) {
      const next = await source.createReader({ subtask, parallelism: 2, restored })
      after.push(...rowsOf(await drain(next, wanted.columns)).map(row => row['id']))
    }
    expect([...before, ...after].sort((a, b) => Number(a) - Number(b))).toEqual([
      1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24,
    ])
    expect(before).toEqual([1, 2, 11, 12])
  })

  test('an unbounded table waits for rows until it is ended', async () => {
    const table = registerValues('x', new ValuesTable())
    const wanted = request({ bounded: 'false' }, ['id'])
    const source = valuesConnector.createSource!(wanted, jobContext())
    const reader = await source.createReader({ subtask: 0, parallelism: 1, restored: null })
    const reading = drain(reader, wanted.columns)
    await Promise.resolve()
    expect(reader.finished).toBe(false)
    expect(reader.splits()[0]).toMatchObject({ neverHeldRecords: true, caughtUp: true, finished: false })
    table.push(0, { row: [1, 'a', 1] })
    await new Promise(resolve => setImmediate(resolve))
    table.push(0, { row: [2, 'b', 2] })
    table.end()
    expect(rowsOf(await reading)).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('rows that do not fit are refused with the column', async () => {
    registerValues('x', new ValuesTable([insertsOf([{ id: 'one' }])]))
    await expect(readAll(valuesConnector, request())).rejects.toThrow(
      "table 'T', column 'id': \"one\" is no value of INT",
    )
    registerValues('x', new ValuesTable([insertsOf([[1]])]))
    await expect(readAll(valuesConnector, request())).rejects.toThrow('1 values for 3 columns')
    registerValues('x', new ValuesTable([insertsOf([{ idd: 1 }])]))
    await expect(readAll(valuesConnector, request())).rejects.toThrow("unknown column 'idd'")
  })

  test('an id nobody registered', async () => {
    await expect(readAll(valuesConnector, request())).rejects.toMatchObject({ code: 'MR_VALUES_UNKNOWN_ID' })
  })
})

test('sink collects changes with their kinds', async () => {
  const table = registerValues('x', new ValuesTable())
  const sink = valuesConnector.createSink!(sinkRequest(tableOf(options, columns), true), jobContext())
  const writer = await sink.createWriter({ subtask: 0, parallelism: 1 })
  writer.write(
    batchOf(
      Object.values(columns),
      [
        [1, 'a', 5n],
        [1, null, 6n],
      ],
      [0, 3],
    ),
  )
  await writer.flush(1)
  expect(table.changes).toEqual([
    { kind: '+I', row: { id: 1, name: 'a', big: 5n } },
    { kind: '-D', row: { id: 1, name: null, big: 6n } },
  ])
})

test('capabilities follow the options', () => {
  const capabilities = (more: Record<string, string>) =>
    valuesConnector.capabilities(tableOf({ ...options, ...more }, columns), () => undefined)
  expect(capabilities({}).source).toMatchObject({ bounded: true, changelogMode: 'insert' })
  expect(capabilities({ bounded: 'false', 'changelog-mode': 'i,ua,d' }).source).toMatchObject({
    bounded: false,
    changelogMode: 'upsert',
  })
  expect(capabilities({ 'sink.changelog-mode': 'I' }).sink?.changelogMode).toBe('insert')
  expect(() => capabilities({ 'data-idd': 'x' })).toThrow(/no option 'data-idd'/)
})
