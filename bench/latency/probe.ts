/**
 * The measuring side, a process of its own: writes records that carry their send time, reads the sink, and prints the
 * latencies. Raw requests on two connections: no linger, acks = 1, fetches that are answered with the first byte.
 * `node probe.ts BOOTSTRAP SOURCE SINK RATE SECONDS WARM_UP_SECONDS`
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { RecordBatchBuilder } from '../../src/connectors/kafka/records/record-batch-builder.ts'
import { fetchRequest } from '../../src/connectors/kafka/requests/fetch.ts'
import { produceRequest } from '../../src/connectors/kafka/requests/produce.ts'
import { KafkaCluster } from '../../src/connectors/kafka/transport/cluster.ts'
import { silentLogger } from '../../src/logger/logger.ts'

const [, , bootstrap, source, sink, rateText, secondsText, warmUpText] = process.argv
const rate = Number(rateText)
const numRecords = rate * Number(secondsText)
const numWarmUp = rate * Number(warmUpText)
/** After the last record was written. */
const PATIENCE_MS = 20_000
const PAYLOAD = 'x'.repeat(100)

const cluster = new KafkaCluster(
  {
    bootstrap: bootstrap!.split(',').map(address => {
      const [host, port] = address.split(':')
      return { host: host!, port: Number(port) }
    }),
    clientId: 'latency-probe',
    tls: null,
    sasl: null,
    requestTimeoutMs: 30_000,
    connectTimeoutMs: 10_000,
    metadataMaxAgeMs: 300_000,
  },
  silentLogger,
)
await cluster.requireTopics([source!, sink!])
const numPartitions = cluster.numPartitions(source!)
const now = () => performance.now()
const latencies: number[] = []
const sentAt = new Float64Array(numRecords)
const seen = new Uint8Array(numRecords)
let numSeen = 0
let numErrors = 0

async function read(partition: number): Promise<void> {
  const leader = cluster.leaderOf(sink!, partition)!
  for (let offset = 0; numSeen < numRecords; ) {
    const { partitions } = await cluster.send(
      leader,
      `read-${partition}`,
      fetchRequest([{ topic: sink!, partition, offset, maxBytes: 2 ** 20 }], {
        maxWaitMs: 500,
        minBytes: 1,
        maxBytes: 2 ** 22,
        readCommitted: true,
      }),
    )
    const at = now()
    for (const { bytes, start, end } of partitions) {
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      for (let batch = start; batch + 61 <= end; batch += 12 + view.readInt32BE(batch + 8))
        offset = Number(view.readBigInt64BE(batch)) + view.readInt32BE(batch + 23) + 1
      for (const [, id] of view.toString('latin1', start, end).matchAll(/"id":(\d+)/g))
        arrived(Number(id), at)
    }
  }
}

function arrived(id: number, at: number): void {
  if (seen[id] === 1) return
  seen[id] = 1
  numSeen++
  if (id >= numWarmUp) latencies.push(at - sentAt[id]!)
}

const text = new TextEncoder()
const noKey = new Uint8Array(0)

function write(partition: number, from: number, to: number): void {
  const builder = new RecordBatchBuilder()
  for (let id = from; id < to; id++) {
    const value = text.encode(`{"id":${id},"keep":true,"payload":"${PAYLOAD}"}`)
    builder.begin(Date.now(), noKey, -1, 0)
    builder.reserve(value.length)
    builder.bytes.set(value, builder.length)
    builder.length += value.length
    builder.end()
  }
  const bytes = builder.seal({
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    transactional: false,
    compression: 'none',
  })
  const at = now()
  for (let id = from; id < to; id++) sentAt[id] = at
  cluster
    .send(
      cluster.leaderOf(source!, partition)!,
      'write',
      produceRequest(null, 1, 30_000, [{ topic: source!, partition, bytes }]),
    )
    .then(
      results => (numErrors += results.filter(({ code }) => code !== 0).length),
      () => numErrors++,
    )
}

/** Writes what is due every millisecond. */
async function writeAll(): Promise<void> {
  const startedAt = now()
  for (let id = 0, turn = 0; id < numRecords; turn++) {
    await sleep(1)
    const due = Math.min(numRecords, Math.floor(((now() - startedAt) / 1000) * rate))
    if (due > id) write(turn % numPartitions, id, due)
    id = Math.max(id, due)
  }
}

const readers = Promise.all(Array.from({ length: cluster.numPartitions(sink!) }, (_, p) => read(p)))
await writeAll()
const patience = new AbortController()
await Promise.race([readers, sleep(PATIENCE_MS, null, { signal: patience.signal }).catch(() => {})])
patience.abort()
readers.catch(() => {})
await cluster.close()
if (numErrors > 0 || numSeen < numRecords) {
  console.error(`${numErrors} requests failed, ${numRecords - numSeen} records never arrived`)
  process.exitCode = 1
} else console.log(JSON.stringify(latencies.map(ms => Number(ms.toFixed(2)))))
