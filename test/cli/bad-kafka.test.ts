/** What a user reads when the file is right and the cluster is not as it says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../src/dev-broker/index.ts'
import { type CliResult, errorDefects, Workplace } from '../support/cli.ts'
import { checkpointing, exactlyOnce, kafkaTable, login, produce } from '../support/cli-kafka.ts'
import { TopicTool } from '../support/kafka-topics.ts'

const SECRET = 'hunter2-is-secret'
/** The first contact gives up after five seconds; a test that takes this long has retried for ever. */
const BOUND_MS = 20_000

let place: Workplace
let broker: DevBroker
let guarded: DevBroker
let tool: TopicTool

beforeAll(async () => {
  place = await Workplace.create()
  broker = await startDevBroker({
    autoCreateTopics: false,
    topics: ['src', 'dst', 'dst2', 'bad', 'bad2', 'skip_in', 'skip_out'].map(name => ({ name })),
  })
  guarded = await startDevBroker({
    topics: [{ name: 'src' }],
    sasl: [{ username: 'anna', password: SECRET }],
  })
  tool = new TopicTool(broker.bootstrap)
})
afterAll(async () => {
  await tool.cluster.close()
  await broker.close()
  await guarded.close()
  await place[Symbol.asyncDispose]()
})

const copy = (source: string, sink: string, bootstrap = broker.bootstrap, options = exactlyOnce(sink)) =>
  checkpointing() +
  kafkaTable(source, bootstrap) +
  kafkaTable(sink, bootstrap, options) +
  `INSERT INTO ${sink} SELECT id, name FROM ${source};`

const defects = (result: CliResult, code: string, ...facts: string[]) => errorDefects(result, code, facts)

describe('a cluster that does not answer', () => {
  test(
    'nobody listens',
    async () => {
      const result = await place.run(copy('src', 'dst', '127.0.0.1:1'))
      expect(
        defects(result, 'MR_KAFKA_UNREACHABLE', '127.0.0.1:1', "'properties.bootstrap.servers'"),
      ).toEqual([])
    },
    BOUND_MS,
  )
  test(
    'the host does not exist',
    async () => {
      const result = await place.run(`${kafkaTable('src', 'no-such-host.invalid:9092')}SELECT * FROM src;`)
      expect(
        defects(result, 'MR_KAFKA_UNREACHABLE', 'no-such-host.invalid', "'properties.bootstrap.servers'"),
      ).toEqual([])
    },
    BOUND_MS,
  )
})

describe('topics and timeouts', () => {
  test(
    'a source topic that does not exist',
    async () => {
      const result = await place.run(copy('nowhere', 'dst'))
      expect(defects(result, 'MR_KAFKA_TOPIC_MISSING', "'nowhere'", "option 'topic'")).toEqual([])
    },
    BOUND_MS,
  )
  test(
    'a sink topic that does not exist',
    async () => {
      const result = await place.run(copy('src', 'nowhere2'))
      expect(defects(result, 'MR_KAFKA_TOPIC_MISSING', "'nowhere2'", "option 'topic'")).toEqual([])
    },
    BOUND_MS,
  )
  test(
    'a transaction timeout above the maximum of the broker',
    async () => {
      const options = { ...exactlyOnce('dst'), 'properties.transaction.timeout.ms': '3600000' }
      const result = await place.run(copy('src', 'dst', broker.bootstrap, options))
      expect(
        defects(
          result,
          'MR_KAFKA_TRANSACTION_TIMEOUT',
          '3600000 ms',
          '900000 ms',
          "'properties.transaction.timeout.ms'",
        ),
      ).toEqual([])
    },
    BOUND_MS,
  )
  test('two jobs of one file on one prefix', async () => {
    const options = exactlyOnce('same')
    const result = await place.run(
      checkpointing() +
        kafkaTable('src', broker.bootstrap) +
        kafkaTable('dst', broker.bootstrap, options) +
        kafkaTable('dst2', broker.bootstrap, options) +
        'INSERT INTO dst SELECT id, name FROM src;\nINSERT INTO dst2 SELECT id, name FROM src;',
    )
    expect(
      defects(
        result,
        'MR_KAFKA_PREFIX_IN_USE',
        "'job.dst'",
        "'job.dst2'",
        "'same'",
        "'sink.transactional-id-prefix'",
      ),
    ).toEqual([])
  })
})

describe('authentication', () => {
  const select = (options: Readonly<Record<string, string>>, bootstrap = guarded.bootstrap) =>
    `${kafkaTable('src', bootstrap, { 'scan.bounded.mode': 'latest-offset', ...options })}SELECT * FROM src;`

  test(
    'a wrong password is refused at once, even when restarts are configured',
    async () => {
      const result = await place.run(
        `${checkpointing()}SET 'restart-strategy.type' = 'fixed-delay';\nSET 'restart-strategy.fixed-delay.attempts' = '1000';\n${select(login('anna', 'wrong-password-1'))}`,
      )
      expect(defects(result, 'MR_KAFKA_AUTHENTICATION', "'anna'", "'properties.sasl.jaas.config'")).toEqual(
        [],
      )
      expect(result.stderr).not.toContain('wrong-password-1')
    },
    BOUND_MS,
  )
  test(
    'a listener that wants SASL, a file that has none',
    async () => {
      const result = await place.run(select({}))
      expect(defects(result, 'MR_KAFKA_CONNECTION_CLOSED', "'properties.security.protocol'")).toEqual([])
    },
    BOUND_MS,
  )
  test(
    'a listener without SASL, a file that asks for it',
    async () => {
      const result = await place.run(select(login('anna', SECRET), broker.bootstrap))
      expect(defects(result, 'MR_KAFKA_SASL_NOT_EXPECTED', "'properties.security.protocol'")).toEqual([])
      expect(result.stderr).not.toContain(SECRET)
    },
    BOUND_MS,
  )
  test('a mechanism that does not exist', async () => {
    const result = await place.run(select({ ...login('anna', SECRET), 'properties.sasl.mechanism': 'PLAN' }))
    expect(defects(result, 'MR_CONFIG_OPTION_VALUE', "'properties.sasl.mechanism'", 'PLAIN')).toEqual([])
    expect(result.stderr).not.toContain(SECRET)
  })
})

describe('a malformed record', () => {
  const records = ['{"id":1,"name":"a"}', '{"id":2,"name":', '{"id":3,"name":"c"}']
  const values = async (topic: string) => {
    await tool.untilDecided(topic)
    return (await tool.read(topic)).map(({ value }) => value)
  }

  test(
    'fails the job with its place and the option that skips it, and commits nothing beyond',
    async () => {
      await produce(broker.bootstrap, 'bad', records)
      const result = await place.run(copy('bad', 'bad2'))
      expect(
        defects(
          result,
          'MR_KAFKA_MALFORMED_RECORD',
          'bad',
          'partition 0',
          'offset 1',
          "'json.ignore-parse-errors'",
        ),
      ).toEqual([])
      expect(await values('bad2')).not.toContain('{"id":3,"name":"c"}')
    },
    BOUND_MS,
  )
  test('is skipped, counted and said with json.ignore-parse-errors', async () => {
    await produce(broker.bootstrap, 'skip_in', records)
    const result = await place.run(
      checkpointing() +
        kafkaTable('skip_in', broker.bootstrap, {
          'json.ignore-parse-errors': 'true',
          'scan.bounded.mode': 'latest-offset',
        }) +
        kafkaTable('skip_out', broker.bootstrap, exactlyOnce('skip_out')) +
        'INSERT INTO skip_out SELECT id, name FROM skip_in;',
    )
    expect(result).toMatchObject({ code: 0, stdout: '' })
    expect(await values('skip_out')).toEqual([records[0], records[2]])
    const line = result.stderr.split('\n').find(text => text.includes('malformed records skipped'))
    expect(JSON.parse(line!)).toMatchObject({ count: 1, total: 1 })
  })
})
