import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../support/free-ports.ts'
import { attempt, prepare, recovery, rowsOf, sinkConfig } from '../support/kafka-sink-fixture.ts'
import { expectRefusal, jaas, tryConnect } from '../support/kafka-suites/security-suite.ts'
import { TopicTool, testConnection } from '../support/kafka-topics.ts'
import { type RealKafka, realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'

const unavailable = realKafkaUnavailable()

describe.runIf(unavailable === undefined)('security on Kafka 4.1.1', () => {
  let kafka: RealKafka
  beforeAll(async () => {
    kafka = await startRealKafka({ secure: true, acls: true })
  })
  afterAll(() => kafka?.stop())

  const sasl = (mechanism: string, user: string, password: string) => ({
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': jaas(user, password),
  })
  const ca = () => ({ 'ssl.truststore.location': kafka.certificates!.caFile })

  test('plaintext, SASL PLAIN and SCRAM, TLS, SASL over TLS, mutual TLS', async () => {
    const { saslPlain, tls, saslTls, mutualTls } = kafka.listeners!
    const id = await tryConnect(kafka.bootstrap, {})
    expect(id).not.toBe('')
    expect(await tryConnect(saslPlain, sasl('PLAIN', 'alice', 'alice-secret'))).toBe(id)
    expect(await tryConnect(saslPlain, sasl('SCRAM-SHA-256', 'bob', 'bob-secret'))).toBe(id)
    expect(await tryConnect(saslPlain, sasl('SCRAM-SHA-512', 'bob', 'bob-secret'))).toBe(id)
    expect(await tryConnect(tls, { 'security.protocol': 'SSL', ...ca() })).toBe(id)
    const both = { ...sasl('PLAIN', 'alice', 'alice-secret'), 'security.protocol': 'SASL_SSL', ...ca() }
    expect(await tryConnect(saslTls, both)).toBe(id)
    const { readFileSync } = await import('node:fs')
    const { clientCertFile, clientKeyFile } = kafka.certificates!
    const client = {
      'security.protocol': 'SSL',
      ...ca(),
      'ssl.keystore.certificate.chain': readFileSync(clientCertFile, 'utf8'),
      'ssl.keystore.key': readFileSync(clientKeyFile, 'utf8'),
    }
    expect(await tryConnect(mutualTls, client)).toBe(id)
  })

  test('each mistake has its own error, within a bounded time', async () => {
    const { saslPlain, tls, mutualTls } = kafka.listeners!
    const [closedPort] = await freePorts(1)
    await expectRefusal(`127.0.0.1:${closedPort}`, {}, 'MR_KAFKA_UNREACHABLE', /bootstrap\.servers/)
    await expectRefusal(
      saslPlain,
      sasl('PLAIN', 'alice', 'wrong-secret'),
      'MR_KAFKA_AUTHENTICATION',
      /password/,
    )
    await expectRefusal(
      saslPlain,
      sasl('SCRAM-SHA-512', 'bob', 'no-secret'),
      'MR_KAFKA_AUTHENTICATION',
      /password/,
    )
    await expectRefusal(saslPlain, {}, 'MR_KAFKA_CONNECTION_CLOSED', /security\.protocol/)
    await expectRefusal(
      kafka.bootstrap,
      sasl('PLAIN', 'alice', 'alice-secret'),
      'MR_KAFKA_SASL_NOT_EXPECTED',
      /port/,
    )
    await expectRefusal(tls, {}, 'MR_KAFKA_NO_FRAME', /TLS/)
    await expectRefusal(tls, { 'security.protocol': 'SSL' }, 'MR_KAFKA_TLS_CERTIFICATE', /truststore/)
    await expectRefusal(kafka.bootstrap, { 'security.protocol': 'SSL' }, 'MR_KAFKA_TLS_NOT_EXPECTED', /TLS/)
    await expectRefusal(
      mutualTls,
      { 'security.protocol': 'SSL', ...ca() },
      'MR_KAFKA_TLS_REFUSED',
      /keystore/,
    )
  })

  test('missing permissions are named', async () => {
    const tool = new TopicTool(kafka.bootstrap)
    await tool.create('guarded')
    const connection = testConnection(kafka.listeners!.saslPlain, {
      sasl: { mechanism: 'plain', username: 'carol', password: 'carol-secret' },
    })
    const plain = attempt(sinkConfig('', 'guarded', { connection, guarantee: 'at-least-once' }))
    await expect(plain.writer()).rejects.toMatchObject({
      code: 'MR_KAFKA_PERMISSION',
      message: expect.stringContaining("topic 'guarded'"),
    })
    await plain.die()
    const transactional = attempt(sinkConfig('', 'guarded', { connection }))
    await expect(transactional.group.recover(recovery({ mayTakeOver: true }))).rejects.toMatchObject({
      code: 'MR_KAFKA_PERMISSION',
      message: expect.stringContaining("transactional id 'p-guarded.0'"),
    })
    await transactional.die()
    await tool.close()
  })

  test('exactly once as a user with a login', async () => {
    const tool = new TopicTool(kafka.bootstrap)
    await tool.create('by-alice')
    const connection = testConnection(kafka.listeners!.saslPlain, {
      sasl: { mechanism: 'plain', username: 'alice', password: 'alice-secret' },
    })
    const run = attempt(sinkConfig('', 'by-alice', { connection }))
    await run.group.recover(recovery())
    await run.group.begin(1)
    const writer = await run.writer()
    writer.write(rowsOf([['k', 'v']]))
    const [stored] = await prepare(run.group, [writer], 1)
    await run.group.commit(stored!)
    expect((await tool.read('by-alice')).map(r => r.value)).toEqual(['v'])
    await run.die()
    await tool.close()
  })
})

if (unavailable !== undefined) test(unavailable, () => {})
