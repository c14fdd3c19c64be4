/** Makes the topics of the benchmark and fills them, a request of one batch per partition at a time. */
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { Connection, Writer } from '../../harness/wire.ts'
import { RecordBatchBuilder } from '../../src/connectors/kafka/records/record-batch-builder.ts'

export const NUM_PARTITIONS = 4
const RECORDS_PER_BATCH = 500
const PRODUCE = 0
const TIMEOUT_MS = 30_000
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
  await withAdmin(bootstrap, admin =>
    admin.createTopics({
      topics: [{ topic, numPartitions: NUM_PARTITIONS, replicationFactor: 1, configEntries }],
      waitForLeaders: true,
    }),
  )
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
  const body = new Writer()
    .int16(-1)
    .int16(-1)
    .int32(TIMEOUT_MS)
    .int32(1)
    .string(topic)
    .int32(builders.length)
  builders.forEach((builder, partition) => {
    const plain = { producerId: -1, producerEpoch: -1, baseSequence: -1 } as const
    const batch = builder.seal({ ...plain, transactional: false, compression: 'none' })
    body.int32(partition).block(Buffer.from(batch))
    builder.reset()
  })
  const answer = await connection.send(PRODUCE, 3, body.bytes())
  answer.array(() => {
    answer.string()
    answer.array(() => {
      const partition = answer.int32()
      const code = answer.int16()
      answer.int64()
      answer.int64()
      if (code !== 0) throw new Error(`writing to partition ${partition} of ${topic}: Kafka error ${code}`)
    })
  })
}
