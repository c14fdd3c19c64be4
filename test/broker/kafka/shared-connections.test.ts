/** Jobs of one process on one cluster: what they share, and that none feels what happens to another. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCoordinatorRequest } from '../../../src/connectors/kafka/requests/metadata.ts'
import { KafkaCluster } from '../../../src/connectors/kafka/transport/cluster.ts'
import type { ConnectionConfig } from '../../../src/connectors/kafka/transport/connection-config.ts'
import { type DevBroker, type FaultHandle, startDevBroker } from '../../../src/dev-broker/index.ts'
import { silentLogger } from '../../../src/logger/logger.ts'
import { testConnection } from '../../support/kafka-topics.ts'
import { until } from '../../support/until.ts'

const alice = { mechanism: 'plain', username: 'alice', password: 'alice-secret' } as const
const bob = { mechanism: 'plain', username: 'bob', password: 'bob-secret' } as const

const open: (() => Promise<void>)[] = []
let broker: DevBroker
/** Every connection begins with one. */
let connections: FaultHandle

async function start(options: Parameters<typeof startDevBroker>[0] = {}): Promise<void> {
  broker = await startDevBroker(options)
  connections = broker.faults.add({ api: 'ApiVersions', when: () => false, action: { kind: 'duplicate' } })
}

beforeEach(() => start())
afterEach(async () => {
  for (const close of open.splice(0)) await close()
  await broker.close()
})

/** As a job with this name would have it. */
function jobOn(name: string, overrides: Partial<ConnectionConfig> = {}): KafkaCluster {
  const defaults = { clientId: `millrace-${name}`, hasDefaultClientId: true }
  const job = new KafkaCluster(testConnection(broker.bootstrap, { ...defaults, ...overrides }), silentLogger)
  open.push(() => job.close())
  return job
}

const ask = (job: KafkaCluster, group: string) =>
  job.send(1, 'control', findCoordinatorRequest('group', group))

test('one connection and one metadata request for all; requests carry the name of their job', async () => {
  const names = new Set<string>()
  using metadata = broker.faults.add({
    api: 'Metadata',
    when: ({ request }) => ((request as { topics: unknown[] | null }).topics?.length ?? 1) > 0,
    action: { kind: 'duplicate' },
  })
  using _coordinators = broker.faults.add({
    api: 'FindCoordinator',
    when: ({ context }) => names.add(context.clientId) && false,
    action: { kind: 'duplicate' },
  })
  const jobs = Array.from({ length: 20 }, (_, i) => jobOn(`j${i}`))
  await Promise.all(jobs.map(job => job.connect()))
  expect(connections.seen).toBe(1)
  broker.createTopic('t', 3)
  await Promise.all(jobs.map(job => job.refresh(['t'])))
  expect(metadata.hits).toBe(1)
  expect(jobs.map(job => job.numPartitions('t'))).toEqual(jobs.map(() => 3))
  await ask(jobs[3]!, 'g')
  await ask(jobs[4]!, 'g')
  expect([...names]).toEqual(['millrace-j3', 'millrace-j4'])
})

test('the end of one rejects its own requests, at once; the other gets its answer over the same connection', async () => {
  const [one, other] = [jobOn('one'), jobOn('other')]
  await Promise.all([one.connect(), other.connect()])
  using _slow = broker.faults.add({ api: 'FindCoordinator', action: { kind: 'delay-answer', ms: 300 } })
  const [ended, goesOn] = [ask(one, 'a'), ask(other, 'b')]
  await one.close()
  await expect(ended).rejects.toThrow('Closed connection')
  expect(await goesOn).toMatchObject({ code: 0 })
  expect(connections.seen).toBe(1)
  await expect(one.connect()).resolves.toBeUndefined()
  await expect(one.metadata([])).rejects.toMatchObject({ code: 'MR_KAFKA_CLOSED' })
  await expect(ask(one, 'a')).rejects.toMatchObject({ code: 'MR_KAFKA_CLOSED' })
})

test('what waits for a connection when its job ends is never sent', async () => {
  await broker.close()
  await start({ numBrokers: 2 })
  const [one, other] = [jobOn('one'), jobOn('other')]
  await Promise.all([one.connect(), other.connect()])
  using opening = broker.faults.add({ api: 'ApiVersions', action: { kind: 'delay-answer', ms: 300 } })
  using asked = broker.faults.add({
    api: 'FindCoordinator',
    when: () => false,
    action: { kind: 'duplicate' },
  })
  // The first contact was with one of the nodes; the connection to the other one is opened now.
  const [waits, goesOn] = [one, other].map(job =>
    Promise.all([1, 2].map(node => job.send(node, 'control', findCoordinatorRequest('group', 'g')))),
  )
  await until(() => opening.hits === 1 && asked.seen === 2)
  await one.close()
  await expect(waits).rejects.toThrow('Closed connection')
  expect(await goesOn).toHaveLength(2)
  expect(asked.seen).toBe(3)
})

test('the end of one does not touch writes and fetches of another', async () => {
  const [one, other] = [jobOn('one'), jobOn('other')]
  await Promise.all([one.connect(), other.connect()])
  using _slow = broker.faults.add({ api: 'FindCoordinator', action: { kind: 'delay-answer', ms: 300 } })
  const request = findCoordinatorRequest('group', 'g')
  const [ended, goesOn] = [one.send(1, 'produce', request), other.send(1, 'produce', request)]
  // Each has a connection of its own for it.
  await until(() => connections.seen === 3)
  await one.close()
  await expect(ended).rejects.toThrow()
  expect(await goesOn).toMatchObject({ code: 0 })
})

test('a connection that breaks fails the requests of all on it, and each gets its answer by the next', async () => {
  const jobs = ['one', 'two'].map(name => jobOn(name))
  await Promise.all(jobs.map(job => job.connect()))
  using lost = broker.faults.add({ api: 'FindCoordinator', times: 2, action: { kind: 'drop-answer' } })
  const asked = jobs.map(job =>
    ask(job, 'g').then(
      () => 'answered',
      () => 'lost',
    ),
  )
  await until(() => lost.hits === 2)
  broker.dropConnections()
  expect(await Promise.all(asked)).toEqual(['lost', 'lost'])
  const again = await Promise.all(jobs.map(job => ask(job, 'g')))
  expect(again.map(({ code }) => code)).toEqual([0, 0])
  expect(connections.seen).toBe(2)
})

test('more connections while requests pile up, but not for each job, and one again afterwards', async () => {
  const jobs = Array.from({ length: 100 }, (_, i) => jobOn(`j${i}`))
  await Promise.all(jobs.map(job => job.connect()))
  using _slow = broker.faults.add({ api: 'FindCoordinator', action: { kind: 'delay', ms: 5 } })
  const answers = await Promise.all(jobs.map(job => ask(job, 'g')))
  expect(answers).toHaveLength(100)
  expect(connections.seen).toBeGreaterThan(1)
  expect(connections.seen).toBeLessThanOrEqual(32)
  await until(() => broker.numConnections === 1)
  expect(await ask(jobs[0]!, 'g')).toMatchObject({ code: 0 })
})

test("a job's own connection is closed when it has nothing to say, and opened again when it has", async () => {
  const job = jobOn('one')
  await job.connect()
  const write = () => job.send(1, 'produce', findCoordinatorRequest('group', 'g'))
  using _slow = broker.faults.add({ api: 'FindCoordinator', action: { kind: 'delay-answer', ms: 200 } })
  const first = write()
  await until(() => connections.seen === 2)
  // It waits for an answer, and then it has been used.
  for (let i = 0; i < 3; i++) job.closeUnused()
  expect(await first).toMatchObject({ code: 0 })
  expect(broker.numConnections).toBe(2)
  job.closeUnused()
  await until(() => broker.numConnections === 1)
  expect(await write()).toMatchObject({ code: 0 })
  expect(broker.numConnections).toBe(2)
})

test('nothing is left when the last one has ended', async () => {
  const jobs = [jobOn('one'), jobOn('two')]
  await Promise.all(jobs.map(job => job.connect()))
  expect(broker.numConnections).toBe(1)
  for (const job of jobs) await job.close()
  await until(() => broker.numConnections === 0)
  // A new one connects anew.
  await jobOn('three').connect()
  expect(connections.seen).toBe(2)
})

test('a job that comes soon after the last one finds the connection', async () => {
  const first = jobOn('first')
  await first.connect()
  await first.close()
  await jobOn('second').connect()
  expect(connections.seen).toBe(1)
})

test('other limits or a client id of its own: nothing is shared', async () => {
  const jobs = [
    jobOn('plain'),
    jobOn('timeout', { requestTimeoutMs: 7_000 }),
    jobOn('named', { clientId: 'with-a-quota', hasDefaultClientId: false }),
  ]
  await Promise.all(jobs.map(job => job.connect()))
  expect(connections.seen).toBe(3)
})

test('each user has a connection of their own', async () => {
  await broker.close()
  await start({ sasl: [alice, bob] })
  const jobs = [alice, bob, alice, bob].map((sasl, i) => jobOn(`j${i}`, { sasl }))
  await Promise.all(jobs.map(job => job.connect()))
  expect(connections.seen).toBe(2)
})

test('a refused login is told to every job with it, and to no other', async () => {
  await broker.close()
  await start({ sasl: [alice, bob] })
  const well = jobOn('well', { sasl: bob })
  const wrong = { ...alice, password: 'guessed' }
  const refused = ['one', 'two'].map(name => jobOn(name, { sasl: wrong }).connect())
  const told = await Promise.allSettled(refused)
  for (const outcome of told)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'MR_KAFKA_AUTHENTICATION' } })
  await well.connect()
  expect(await ask(well, 'g')).toMatchObject({ code: 0 })
})
