/** librdkafka 2.0 by way of kcat: produce, transactions, read_committed, compression, groups, SASL. */
import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { type DevBroker, type FaultedRequest, startDevBroker } from '../../../src/dev-broker/index.ts'
import { hasKcat, kcat } from './foreign-clients.ts'
import { until } from './until.ts'

const read = async (
  broker: DevBroker,
  topic: string,
  isolation: string,
  ...more: string[]
): Promise<string[]> => {
  const args = ['-b', broker.bootstrap, '-C', '-t', topic, '-e', '-q', '-X', `isolation.level=${isolation}`]
  const text = await kcat([...args, '-f', '%p %o %k=%s\\n', ...more])
  return text.split('\n').filter(line => line !== '')
}

const values = (lines: readonly string[]) => lines.map(line => line.split(' ')[2]!).toSorted()

const write = (broker: DevBroker, topic: string, lines: readonly string[], ...more: string[]) =>
  kcat(['-b', broker.bootstrap, '-P', '-t', topic, '-K=', ...more], `${lines.join('\n')}\n`)

const lines = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}=v${i}`)

describe.skipIf(!hasKcat)('kcat', () => {
  test('what it writes in a transaction is read back once, aborted records are not', async () => {
    await using broker = await startDevBroker({ numBrokers: 3, topics: [{ name: 't', partitions: 3 }] })
    await write(broker, 't', lines('a', 50), '-X', 'transactional.id=kc')
    const kafka = new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING })
    const producer = kafka.producer({ idempotent: true, transactionalId: 'kj', maxInFlightRequests: 1 })
    await producer.connect()
    const aborted = await producer.transaction()
    await aborted.send({
      topic: 't',
      messages: lines('x', 50).map(value => ({ key: value, value: 'never' })),
    })
    await aborted.abort()
    await producer.disconnect()
    await until(() => broker.transaction('kj')?.status === 'CompleteAbort')
    await write(broker, 't', lines('b', 50), '-X', 'transactional.id=kc')
    await until(() => broker.transaction('kc')?.status === 'CompleteCommit')
    const committed = await read(broker, 't', 'read_committed')
    expect(values(committed)).toEqual([...lines('a', 50), ...lines('b', 50)].toSorted())
    expect(await read(broker, 't', 'read_uncommitted')).toHaveLength(150)
    expect(broker.transaction('kc')).toMatchObject({ producerEpoch: 1 })
  })

  test('an open transaction holds readers back at the last stable offset', async () => {
    await using broker = await startDevBroker({ topics: [{ name: 't' }] })
    await write(broker, 't', ['a=1'])
    const kafka = new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING })
    const producer = kafka.producer({ idempotent: true, transactionalId: 'kj', maxInFlightRequests: 1 })
    await producer.connect()
    const open = await producer.transaction()
    await open.send({ topic: 't', messages: [{ key: 'b', value: '2' }] })
    await write(broker, 't', ['c=3'])
    expect(values(await read(broker, 't', 'read_committed'))).toEqual(['a=1'])
    expect(values(await read(broker, 't', 'read_uncommitted'))).toEqual(['a=1', 'b=2', 'c=3'])
    const release = broker.holdMarkers()
    await open.commit()
    expect(values(await read(broker, 't', 'read_committed'))).toEqual(['a=1'])
    release()
    expect(values(await read(broker, 't', 'read_committed'))).toEqual(['a=1', 'b=2', 'c=3'])
    await producer.disconnect()
  })

  test('an idempotent producer gets over lost answers, killed connections and moved leaders without a duplicate', async () => {
    await using broker = await startDevBroker({ numBrokers: 3, topics: [{ name: 't', partitions: 3 }] })
    const written = lines('i', 3000)
    const isEvery =
      (nth: number) =>
      ({ count }: { count: number }) =>
        count % nth === 0
    // kcat gives up when no connection is left for a moment, so those to the third broker stay.
    const mayClose = (nth: number) => {
      let seen = 0
      return ({ context }: FaultedRequest) => context.nodeId !== 3 && ++seen % nth === 0
    }
    const lost = broker.faults.add({
      api: 'Produce',
      when: mayClose(7),
      times: 5,
      action: { kind: 'drop-answer', close: true },
    })
    const killed = broker.faults.add({
      api: 'Produce',
      when: mayClose(11),
      times: 3,
      action: { kind: 'kill-connection' },
    })
    const twice = broker.faults.add({
      api: 'Produce',
      when: isEvery(5),
      times: 3,
      action: { kind: 'duplicate' },
    })
    let moves = 0
    const run = () => broker.moveLeader('t', 0, 1 + (++moves % 3))
    broker.faults.add({ api: 'Produce', when: isEvery(13), times: 4, action: { kind: 'call', run } })
    const small = [
      '-X',
      'enable.idempotence=true',
      '-X',
      'batch.num.messages=50',
      '-X',
      'linger.ms=1',
      '-X',
      'retry.backoff.ms=10',
    ]
    await write(
      broker,
      't',
      written,
      ...small,
      '-X',
      'reconnect.backoff.ms=10',
      '-X',
      'reconnect.backoff.max.ms=50',
    )
    expect([lost.hits, killed.hits, twice.hits, moves].every(hits => hits > 0)).toBe(true)
    expect(values(await read(broker, 't', 'read_committed'))).toEqual(written.toSorted())
  })

  test.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    '%s batches stay compressed and read back equal',
    async codec => {
      await using broker = await startDevBroker({ topics: [{ name: 't' }] })
      const written = lines('compressible-compressible-', 200)
      await write(broker, 't', written, '-z', codec, '-X', 'linger.ms=50')
      const codes = broker.readLog('t', 0).map(batch => batch.header.compression)
      expect(codes.some(code => code === ['none', 'gzip', 'snappy', 'lz4', 'zstd'].indexOf(codec))).toBe(true)
      expect(values(await read(broker, 't', 'read_committed'))).toEqual(written.toSorted())
    },
  )

  test('offsets by time: the first record at or after it, in plain and zstd batches', async () => {
    await using broker = await startDevBroker({ topics: [{ name: 't' }] })
    const kafka = new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING })
    const producer = kafka.producer()
    await producer.connect()
    const stamped = [1000, 2000, 3000, 4000].map(ms => ({ value: String(ms), timestamp: String(ms) }))
    await producer.send({ topic: 't', messages: stamped.slice(0, 2) })
    await producer.send({ topic: 't', messages: stamped.slice(2), compression: 1 })
    await producer.disconnect()
    const offsetAt = async (ms: number) =>
      (await kcat(['-b', broker.bootstrap, '-Q', '-t', `t:0:${ms}`])).trim()
    expect(await offsetAt(1500)).toBe('t [0] offset 1')
    expect(await offsetAt(3000)).toBe('t [0] offset 2')
    expect(await offsetAt(3001)).toBe('t [0] offset 3')
    expect(await offsetAt(-2)).toBe('t [0] offset 0')
    expect(await offsetAt(-1)).toBe('t [0] offset 4')
  })

  test('LogAppendTime topics give every record the time of the append', async () => {
    await using broker = await startDevBroker({
      clock: () => 1_700_000_000_123,
      topics: [{ name: 't', configs: { 'message.timestamp.type': 'LogAppendTime' } }],
    })
    await write(broker, 't', ['a=1', 'b=2'])
    const text = await kcat([
      '-b',
      broker.bootstrap,
      '-C',
      '-t',
      't',
      '-e',
      '-q',
      '-X',
      'check.crcs=true',
      '-f',
      '%T %k\\n',
    ])
    expect(text).toBe('1700000000123 a\n1700000000123 b\n')
  })

  test('a consumer group reads all partitions and commits', async () => {
    await using broker = await startDevBroker({ numBrokers: 2, topics: [{ name: 't', partitions: 4 }] })
    const written = lines('a', 100)
    await write(broker, 't', written)
    const group = [
      '-b',
      broker.bootstrap,
      '-q',
      '-e',
      '-X',
      'auto.offset.reset=earliest',
      '-f',
      '0 0 %k=%s\\n',
      '-G',
      'g',
      't',
    ]
    expect(values((await kcat(group)).split('\n').slice(0, -1))).toEqual(written.toSorted())
    const ends = [0, 1, 2, 3].map(partition => broker.describeLog('t', partition).endOffset)
    const committed = [0, 1, 2, 3].map(partition => broker.committedOffset('g', 't', partition)?.offset ?? 0)
    expect(committed).toEqual(ends)
    expect(await kcat(group)).toBe('')
  })

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])(
    'SASL %s: the right password in, a wrong one out',
    async mechanism => {
      await using broker = await startDevBroker({
        sasl: [{ username: 'alice', password: 'alice-secret' }],
        topics: [{ name: 't' }],
      })
      const login = (password: string) => [
        '-X',
        'security.protocol=SASL_PLAINTEXT',
        '-X',
        `sasl.mechanisms=${mechanism}`,
        '-X',
        'sasl.username=alice',
        '-X',
        `sasl.password=${password}`,
      ]
      await write(broker, 't', ['a=1'], ...login('alice-secret'))
      expect(values(await read(broker, 't', 'read_committed', ...login('alice-secret')))).toEqual(['a=1'])
      await expect(kcat(['-b', broker.bootstrap, '-L', '-m', '2', ...login('wrong')])).rejects.toThrow()
      const saslOf =
        mechanism === 'PLAIN'
          ? ('plain' as const)
          : mechanism === 'SCRAM-SHA-256'
            ? ('scram-sha-256' as const)
            : ('scram-sha-512' as const)
      const connect = async (password: string) => {
        const sasl = { mechanism: saslOf, username: 'alice', password } as Parameters<typeof Object>[0]
        const kafka = new Kafka({
          brokers: [...broker.brokers],
          logLevel: logLevel.NOTHING,
          sasl,
          retry: { retries: 0 },
        })
        const admin = kafka.admin()
        await admin.connect()
        await admin.disconnect()
      }
      await connect('alice-secret')
      await expect(connect('wrong')).rejects.toThrow(/Authentication failed/)
    },
  )
})
