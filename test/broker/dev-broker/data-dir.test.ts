/** A data directory outlives `kill -9`: records, producer state, transactions, group offsets. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { batchOf } from './batches.ts'
import { until } from './until.ts'
import { WireClient } from './wire-client.ts'

async function scratch() {
  const path = await mkdtemp(join(tmpdir(), 'millrace-dev-broker-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function serve(dataDir: string, port: string): Promise<{ child: ChildProcess; bootstrap: string }> {
  const script = join(import.meta.dirname, 'serve.ts')
  const child = spawn(process.execPath, [script, dataDir, port], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  return { child, bootstrap: line.toString().trim() }
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

test('a killed broker process goes on where it was', async () => {
  await using directory = await scratch()
  const first = await serve(directory.path, '0')
  const port = first.bootstrap.split(':')[1]!
  const before = await WireClient.connect(first.bootstrap)
  const idempotent = await before.init(null)
  const committed = batchOf(['a', 'b'], { producer: idempotent })
  expect((await before.produce('t', Buffer.from(committed))).baseOffset).toBe(0)

  const aborted = await before.init('aborted')
  await before.addPartitions('aborted', aborted, 't')
  const abortedBatch = batchOf(['x'], { producer: aborted, isTransactional: true })
  await before.produce('t', abortedBatch, { transactionalId: 'aborted' })
  await before.end('aborted', aborted, false)
  await until(async () => (await before.end('aborted', aborted, false)) === 0)

  const open = await before.init('open')
  await before.addPartitions('open', open, 't', [0, 1])
  await before.produce('t', batchOf(['c'], { producer: open, isTransactional: true }), {
    transactionalId: 'open',
  })
  await before.addOffsets('open', open, 'g')
  await before.commitInTxn('open', open, 'g', { topic: 't', offset: 42, metadata: 'witness' })
  const log = (await before.fetch('t', 0)).records[0]!
  await kill(first.child)
  before[Symbol.dispose]()

  const second = await serve(directory.path, port)
  using after = await WireClient.connect(second.bootstrap)
  const answer = await after.fetch('t', 0, { isolationLevel: 1 })
  expect(answer).toMatchObject({ highWatermark: 5, lastStableOffset: 4 })
  expect(answer.abortedTransactions).toEqual([{ producerId: aborted.producerId, firstOffset: 2 }])
  expect((await after.fetch('t', 0)).records[0]!.equals(log)).toBe(true)
  expect(await after.produce('t', committed)).toMatchObject({ errorCode: 0, baseOffset: 0 })
  expect(await after.committed('g', 't', 7)).toMatchObject({ errorCode: 88 })
  const next = batchOf(['d'], { producer: open, sequence: 1, isTransactional: true })
  expect((await after.produce('t', next, { transactionalId: 'open' })).errorCode).toBe(0)
  expect(await after.end('open', open)).toBe(0)
  await until(async () => (await after.end('open', open)) === 0)
  expect(await after.committed('g', 't', 7)).toEqual({ offset: 42, metadata: 'witness', errorCode: 0 })
  expect((await after.init(null)).producerId).toBeGreaterThan(open.producerId)
  await kill(second.child)
})

test('deleted records leave the disk; offsets go on after a restart', async () => {
  await using directory = await scratch()
  const size = async () => {
    const logs = (await readdir(directory.path, { recursive: true })).filter(name => name.endsWith('.log'))
    const stats = await Promise.all(logs.map(name => stat(join(directory.path, name))))
    return stats.reduce((sum, file) => sum + file.size, 0)
  }
  const large = 'x'.repeat(900_000)
  {
    await using broker = await startDevBroker({ dataDir: directory.path, topics: [{ name: 't' }] })
    using client = await WireClient.connect(broker.bootstrap)
    for (let i = 0; i < 40; i++) await client.produce('t', batchOf([large]))
    expect(await size()).toBeGreaterThan(36_000_000)
    broker.deleteRecordsBefore('t', 0, 30)
    expect(await size()).toBeLessThan(10_000_000)
    await client.produce('t', batchOf(['after']))
    const log = await client.fetch('t', 39)
    expect(log.records.length).toBeGreaterThan(0)
  }
  {
    await using broker = await startDevBroker({ dataDir: directory.path })
    expect(broker.describeLog('t', 0)).toMatchObject({ startOffset: 30, endOffset: 41 })
    broker.deleteRecordsBefore('t', 0, 41)
  }
  await using broker = await startDevBroker({ dataDir: directory.path })
  using client = await WireClient.connect(broker.bootstrap)
  expect(await client.produce('t', batchOf(['again']))).toMatchObject({ errorCode: 0, baseOffset: 41 })
  expect(broker.describeLog('t', 0)).toMatchObject({ startOffset: 41, endOffset: 42, lastStableOffset: 42 })
})

test('a decided transaction whose markers were not written is finished by the next process', async () => {
  await using directory = await scratch()
  const { producer } = await (async () => {
    await using broker = await startDevBroker({ dataDir: directory.path, topics: [{ name: 't' }] })
    using client = await WireClient.connect(broker.bootstrap)
    const producer = await client.init('tx')
    await client.addPartitions('tx', producer, 't')
    await client.produce('t', batchOf(['a'], { producer, isTransactional: true }), { transactionalId: 'tx' })
    broker.holdMarkers()
    expect(await client.end('tx', producer)).toBe(0)
    expect(broker.describeLog('t', 0).lastStableOffset).toBe(0)
    return { producer }
  })()
  await using broker = await startDevBroker({ dataDir: directory.path })
  await until(() => broker.transaction('tx')?.status === 'CompleteCommit')
  expect(broker.describeLog('t', 0)).toMatchObject({ lastStableOffset: 2, aborted: [] })
  using client = await WireClient.connect(broker.bootstrap)
  expect(await client.end('tx', producer)).toBe(0)
})

test('topics: settings, partitions, deletions and log starts are kept', async () => {
  await using directory = await scratch()
  const made = await (async () => {
    const topics = [{ name: 'kept', configs: { 'retention.ms': '-1' } }, { name: 'gone' }]
    await using broker = await startDevBroker({ dataDir: directory.path, topics })
    using client = await WireClient.connect(broker.bootstrap)
    await client.produce('kept', batchOf(['a', 'b']))
    await client.produce('kept', batchOf(['c']))
    broker.deleteRecordsBefore('kept', 0, 2)
    broker.addPartitions('kept', 3)
    broker.deleteTopic('gone')
    return broker.clusterId
  })()
  await using broker = await startDevBroker({ dataDir: directory.path })
  expect(broker.clusterId).toBe(made)
  expect(broker.topicNames()).toEqual(['kept'])
  expect(broker.numPartitions('kept')).toBe(3)
  expect(broker.describeLog('kept', 0)).toMatchObject({ startOffset: 2, endOffset: 3 })
})

test('torn ends of log and journal are cut off, with a warning each', async () => {
  await using directory = await scratch()
  const logPath = await (async () => {
    await using broker = await startDevBroker({ dataDir: directory.path, topics: [{ name: 't' }] })
    using client = await WireClient.connect(broker.bootstrap)
    await client.produce('t', batchOf(['whole']))
    const journal = await readFile(join(directory.path, 'journal.jsonl'), 'utf8')
    const id = (
      JSON.parse(journal.split('\n').find(line => line.includes('topic/t'))!) as [string, { id: string }]
    )[1].id
    return join(directory.path, 'logs', id, '0.log')
  })()
  const whole = await readFile(logPath)
  await appendFile(logPath, whole.subarray(0, whole.length - 1))
  await appendFile(join(directory.path, 'journal.jsonl'), '["group/g",{"pos')
  const warnings: string[] = []
  const logger = {
    debug() {},
    info() {},
    warn: (message: string) => void warnings.push(message),
    error() {},
    child: () => logger,
  }
  await using broker = await startDevBroker({ dataDir: directory.path, logger })
  expect(warnings.toSorted()).toEqual(['cut off a torn log', 'dropped a torn journal line'])
  expect(broker.describeLog('t', 0).endOffset).toBe(1)
  expect(await readFile(logPath)).toEqual(whole)
})

test('a directory in use and a damaged journal are refused by name', async () => {
  await using directory = await scratch()
  {
    await using broker = await startDevBroker({ dataDir: directory.path })
    expect(broker.topicNames()).toEqual([])
    await expect(startDevBroker({ dataDir: directory.path })).rejects.toMatchObject({
      code: 'MR_DEV_BROKER_DATA_DIR',
    })
  }
  await writeFile(join(directory.path, 'journal.jsonl'), 'no json\n')
  await expect(startDevBroker({ dataDir: directory.path })).rejects.toThrow(/line 1 of .* is damaged/)
})
