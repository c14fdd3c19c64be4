import { afterEach, expect, test } from 'vitest'
import {
  type ChangeCallback,
  callbackConnector,
  registerCallback,
  removeCallback,
} from '../../../../src/connectors/callback/index.ts'
import { integerType } from '../../../../src/types/index.ts'
import { batchOf, jobContext, sinkRequest, tableOf } from '../../../support/connector-kit.ts'

const table = tableOf({ connector: 'callback', 'data-id': 'cb' }, { id: integerType() })
afterEach(() => removeCallback('cb'))

async function open(callback: ChangeCallback, fail: (error: unknown) => void = () => {}) {
  registerCallback('cb', callback)
  const sink = callbackConnector.createSink!(sinkRequest(table, true), jobContext({ fail }))
  return sink.createWriter({ subtask: 0, parallelism: 1 })
}
const rows = (...ids: number[]) =>
  batchOf(
    [integerType()],
    ids.map(id => [id]),
  )

test('a synchronous callback takes changes in the call', async () => {
  const seen: unknown[] = []
  const writer = await open(change => seen.push(change))
  writer.write(batchOf([integerType()], [[1], [2]], [0, 3]))
  expect(seen).toEqual([
    { kind: '+I', row: { id: 1 } },
    { kind: '-D', row: { id: 2 } },
  ])
  expect(writer.ready()).toBeNull()
  await writer.flush(1)
})

test('one change at a time; a promise holds the writer back; flush waits', async () => {
  const events: string[] = []
  const waiting: (() => void)[] = []
  const writer = await open(({ row }) => {
    events.push(`start ${row['id']}`)
    return new Promise<void>(resolve => waiting.push(resolve)).then(() => events.push(`end ${row['id']}`))
  })
  writer.write(rows(1, 2))
  const room = writer.ready()
  expect(room).not.toBeNull()
  expect(events).toEqual(['start 1'])
  let flushed = false
  const flushing = writer.flush(1).then(() => {
    flushed = true
  })
  waiting.shift()!()
  await new Promise(resolve => setImmediate(resolve))
  expect(events).toEqual(['start 1', 'end 1', 'start 2'])
  expect(flushed).toBe(false)
  waiting.shift()!()
  await flushing
  await room
  expect(writer.ready()).toBeNull()
  expect(events.at(-1)).toBe('end 2')
})

test('rows written while one waits keep their order', async () => {
  const seen: unknown[] = []
  const writer = await open(async ({ row }) => {
    await Promise.resolve()
    seen.push(row['id'])
  })
  writer.write(rows(1, 2))
  writer.write(rows(3))
  await writer.flush(1)
  expect(seen).toEqual([1, 2, 3])
})

test('a rejection fails the job and every later call', async () => {
  const failures: unknown[] = []
  const writer = await open(
    async () => {
      throw new Error('no disk')
    },
    error => failures.push(error),
  )
  writer.write(rows(1, 2))
  await expect(writer.flush(1)).rejects.toMatchObject({ code: 'MR_CALLBACK_FAILED' })
  expect(failures).toHaveLength(1)
  expect(() => writer.write(rows(3))).toThrow(/no disk/)
})

test('a synchronous throw fails the write', async () => {
  const writer = await open(() => {
    throw new Error('bad row')
  })
  expect(() => writer.write(rows(1))).toThrow('the callback failed: Error: bad row')
})
