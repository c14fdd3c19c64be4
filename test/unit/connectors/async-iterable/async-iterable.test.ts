import { afterEach, expect, test } from 'vitest'
import {
  asyncIterableConnector,
  type IterableInput,
  registerIterable,
  removeIterable,
} from '../../../../src/connectors/async-iterable/index.ts'
import type { SplitState } from '../../../../src/connectors/contract/index.ts'
import { integerType, stringType } from '../../../../src/types/index.ts'
import { drain, jobContext, rowsOf, sourceRequest, tableOf } from '../../../support/connector-kit.ts'

const request = sourceRequest(
  tableOf({ connector: 'async-iterable', 'data-id': 'it' }, { id: integerType(), name: stringType() }),
  ['id'],
)
afterEach(() => removeIterable('it'))

async function open(input: IterableInput, restored: readonly SplitState[] | null = null, subtask = 0) {
  registerIterable('it', input)
  const source = asyncIterableConnector.createSource!(request, jobContext())
  return source.createReader({ subtask, parallelism: 2, restored })
}

async function* numbers(from: number, to: number) {
  for (let id = from; id < to; id++) yield { id, name: 'x' }
}

test('rows, changes and watermarks', async () => {
  async function* mixed() {
    yield { id: 1 }
    yield [2, 'b']
    yield { watermark: 50 }
    yield { kind: '-D' as const, row: { id: 1 } }
  }
  expect(await drain(await open(mixed()), request.columns)).toEqual([
    { kind: '+I', split: 'iterable', row: { id: 1 } },
    { kind: '+I', split: 'iterable', row: { id: 2 } },
    { watermark: 50 },
    { kind: '-D', split: 'iterable', row: { id: 1 } },
  ])
})

test('pulls only when asked, and stops when nobody asks', async () => {
  let numPulled = 0
  async function* endless() {
    for (;;) yield { id: numPulled++ }
  }
  const reader = await open(endless())
  expect(reader.poll()).toBeNull()
  await new Promise(resolve => setImmediate(resolve))
  expect(numPulled).toBe(0)
  await reader.ready()
  const first = reader.poll()!.batch.length
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(first).toBeGreaterThan(0)
  expect(numPulled).toBeLessThanOrEqual(1025)
})

test('a function goes on from the offset of the checkpoint', async () => {
  const input: IterableInput = ({ offset }) => numbers(offset, 3000)
  const reader = await open(input)
  const before = rowsOf(await drain(reader, request.columns, 1))
  const state = JSON.parse(JSON.stringify(reader.snapshot()))
  await reader.close()
  const after = rowsOf(await drain(await open(input, state), request.columns))
  expect(before.length).toBeLessThan(3000)
  expect([...before, ...after].map(row => row['id'])).toEqual(Array.from({ length: 3000 }, (_, i) => i))
})

test('a bare iterable is not silently continued', async () => {
  const state = [{ split: 'iterable', position: { offset: 5 } }]
  await expect(open(numbers(0, 10), state)).rejects.toMatchObject({ code: 'MR_ITERABLE_NOT_REPLAYABLE' })
})

test('a generator that was begun is not started over, whose first rows are gone; what can start over is', async () => {
  const generator = numbers(0, 10)
  await open(generator)
  await expect(open(generator)).rejects.toMatchObject({ code: 'MR_ITERABLE_NOT_REPLAYABLE' })
  const again = { [Symbol.asyncIterator]: () => numbers(0, 2) }
  await open(again)
  expect(await drain(await open(again), request.columns)).toHaveLength(2)
})

test('an error comes behind the rows before it', async () => {
  async function* failing() {
    yield { id: 1 }
    throw new Error('boom')
  }
  const reader = await open(failing())
  await reader.ready()
  expect(reader.poll()!.batch.length).toBe(1)
  await reader.ready()
  expect(() => reader.poll()).toThrow('the async iterable failed: Error: boom')
  expect(reader.finished).toBe(false)
})

test('close returns the iterator; other subtasks have nothing to read', async () => {
  let returned = false
  async function* watched() {
    try {
      yield { id: 1 }
      yield { id: 2 }
    } finally {
      returned = true
    }
  }
  const reader = await open(watched())
  await reader.ready()
  reader.poll()
  await reader.close()
  await new Promise(resolve => setImmediate(resolve))
  expect(returned).toBe(true)
  expect((await open(numbers(0, 1), null, 1)).finished).toBe(true)
})

test('an unknown id names the known ones', () => {
  removeIterable('it')
  registerIterable('other', numbers(0, 1))
  const source = asyncIterableConnector.createSource!(request, jobContext())
  return expect(source.createReader({ subtask: 0, parallelism: 1, restored: null }))
    .rejects.toMatchObject({ code: 'MR_DATA_UNKNOWN_ID' })
    .finally(() => removeIterable('other'))
})
