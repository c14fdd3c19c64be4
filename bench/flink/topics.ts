/** Makes the topics of the benchmark and fills them, a request of one batch per partition at a time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { Connection, type Reader, Writer } from '../../harness/wire.ts'
import { RecordBatchBuilder } from '../../src/connectors/kafka/records/record-batch-builder.ts'

export const NUM_PARTITIONS = 4
const RECORDS_PER_BATCH = 500
const PRODUCE = 0
const TIMEOUT_MS = 30_000
/** What a broker answers while it does not know yet that it leads a new partition. */
const notYetLed = new Set([3, 5, 6])
const noKey = new Uint8Array(0)

export async function withAdmin<T>(bootstrap: string, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

/** Event times are old: with the default retention the broker would delete the records at once. */
export async function createTopic(bootstrap: string, topic: string): Promise<void> {
  const configEntries = [{ name: 'retention.ms', value: '-1' }]
  await withAdmin(bootstrap, async admin => {
    await admin.createTopics({
      topics: [{ topic, numPartitions: NUM_PARTITIONS, replicationFactor: 1, configEntries }],
      waitForLeaders: false,
    })
    await untilLed(admin, topic)
  })
}

/** kafkajs's own wait gives up at once when a broker does not know a new topic yet. */
async function untilLed(admin: Admin, topic: string): Promise<void> {
  for (const deadline = Date.now() + TIMEOUT_MS; ; await sleep(20)) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }))
    const leaders = topics.flatMap(({ partitions }) => partitions.map(({ leader }) => leader))
    if (leaders.length === NUM_PARTITIONS && leaders.every(leader => leader >= 0)) return
    if (Date.now() > deadline) throw new Error(`topic ${topic} got no leaders`)
  }
}

export const deleteTopic = (bootstrap: string, topic: string): Promise<void> =>
  withAdmin(bootstrap, admin => admin.deleteTopics({ topics: [topic] }))

/** Batches go to the partitions in turn, so that times grow in each partition and all stand at about the same time. */
export async function fillTopic(
  bootstrap: string,
  topic: string,
  numRecords: number,
  record: (n: number) => string,
): Promise<void> {
  const [host, port] = bootstrap.split(':')
  const connection = await Connection.open(host!, Number(port))
  const builders = Array.from({ length: NUM_PARTITIONS }, () => new RecordBatchBuilder(128 * 1024))
  try {
    for (let first = 0; first < numRecords; ) {
      const filled = builders.filter(builder => {
        const end = Math.min(first + RECORDS_PER_BATCH, numRecords)
        for (let n = first; n < end; n++) append(builder, record(n))
        first = end
        return !builder.isEmpty
      })
      await produce(connection, topic, filled)
    }
  } finally {
    connection.close()
  }
}

function append(builder: RecordBatchBuilder, text: string): void {
  const value = Buffer.from(text)
  builder.begin(Date.now(), noKey, -1, -1)
  builder.reserve(value.length)
  builder.bytes.set(value, builder.length)
  builder.length += value.length
  builder.end()
}

/** The n-th builder's batch goes to partition n. The builders are empty afterwards. */
async function produce(
  connection: Connection,
  topic: string,
  builders: readonly RecordBatchBuilder[],
): Promise<void> {
  const unsent = new Map<number, Buffer>()
  builders.forEach((builder, partition) => {
    const plain = { producerId: -1, producerEpoch: -1, baseSequence: -1 } as const
    unsent.set(partition, Buffer.from(builder.seal({ ...plain, transactional: false, compression: 'none' })))
    builder.reset()
  })
  for (const deadline = Date.now() + TIMEOUT_MS; unsent.size > 0; ) {
    const body = new Writer().int16(-1).int16(-1).int32(TIMEOUT_MS).int32(1).string(topic).int32(unsent.size)
    for (const [partition, batch] of unsent) body.int32(partition).block(batch)
    for (const [partition, code] of codesIn(await connection.send(PRODUCE, 3, body.bytes()))) {
      if (code === 0) unsent.delete(partition)
      else if (!notYetLed.has(code) || Date.now() > deadline)
        throw new Error(`writing to partition ${partition} of ${topic}: Kafka error ${code}`)
    }
    if (unsent.size > 0) await sleep(20)
  }
}

/** Partitions with their error codes. */
function codesIn(answer: Reader): [number, number][] {
  const topics = answer.array(() => {
    answer.string()
    return answer.array((): [number, number] => {
      const partition = answer.int32()
      const code = answer.int16()
      answer.int64()
      answer.int64()
      return [partition, code]
    })
  })
  return topics.flat()
}
