/** The judge's own reader against transactions written by kafkajs. */
import { Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { CommittedReader } from '../../harness/committed-reader.ts'
import { crc32c } from '../../harness/record-batch.ts'
import { startDevBroker } from '../../src/dev-broker/index.ts'

const messages = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ value: `${prefix}${i}`, partition: i % 2 }))

const transactional = (bootstrap: string, transactionalId: string) =>
  new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).producer({
    idempotent: true,
    transactionalId,
    maxInFlightRequests: 1,
  })

async function read(reader: CommittedReader): Promise<string[]> {
  const values: string[] = []
  await reader.readAll(value => values.push(value))
  return values.sort()
}

test('committed records are read once, aborted ones counted, open ones neither', async () => {
  await using broker = await startDevBroker({ numBrokers: 2, topics: [{ name: 't', partitions: 2 }] })
  const first = transactional(broker.bootstrap, 'first')
  const second = transactional(broker.bootstrap, 'second')
  await first.connect()
  await second.connect()
  using reader = new CommittedReader(broker.bootstrap, 't')

  const aborted = await first.transaction()
  await aborted.send({ topic: 't', messages: messages('x', 6) })
  const committed = await second.transaction()
  await committed.send({ topic: 't', messages: messages('a', 4) })
  expect(await read(reader)).toEqual([])
  expect(await reader.numUndecided()).toBe(10)
  await committed.commit()
  await aborted.abort()
  await expect.poll(() => reader.numUndecided()).toBe(0)
  expect(await read(reader)).toEqual(['a0', 'a1', 'a2', 'a3'])
  expect(reader.numAbortedRecords).toBe(6)

  const later = await first.transaction()
  await later.send({ topic: 't', messages: messages('b', 2) })
  await later.commit()
  const abortedAgain = await first.transaction()
  await abortedAgain.send({ topic: 't', messages: messages('y', 2) })
  await abortedAgain.abort()
  await expect.poll(() => reader.numUndecided()).toBe(0)
  expect(await read(reader)).toEqual(['b0', 'b1'])
  expect(reader.numAbortedRecords).toBe(8)
  expect(reader.numCommittedRecords).toBe(6)

  using fresh = new CommittedReader(broker.bootstrap, 't')
  expect(await read(fresh)).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1'])
  expect(fresh.numAbortedRecords).toBe(8)
  await first.disconnect()
  await second.disconnect()
})

test('an unknown topic is named', async () => {
  await using broker = await startDevBroker({ autoCreateTopics: false })
  using reader = new CommittedReader(broker.bootstrap, 'bad topic')
  await expect(reader.readAll(() => {})).rejects.toThrow('topic bad topic')
})

test('the checksum is CRC-32C', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
})
