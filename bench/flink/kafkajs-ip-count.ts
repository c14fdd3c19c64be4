/**
 * The IP count by hand on kafkajs, as a careful user would write it: eachBatch, a Map per window, watermarks per
 * partition, closed windows and offsets in one transaction every 5 s. The offsets are those of the first record of
 * the oldest open window, so that a restart finds its windows again. It ends at the offsets of its start.
 *
 *     node kafkajs-ip-count.ts BOOTSTRAP SOURCE SINK
 */
import { type EachBatchPayload, Kafka, logLevel, type Message } from 'kafkajs'

const WINDOW_MS = 5000
const DELAY_MS = 5000
const COMMIT_MS = 5000
const ROWS_PER_SEND = 10_000

interface Window {
  readonly counts: Map<string, number>
  /** By partition: where its records of this window begin. */
  readonly firstOffsets: Map<number, string>
}

interface Partition {
  readonly end: bigint
  next: string
  watermark: number
}

const [bootstrap, source, sink] = process.argv.slice(2) as [string, string, string]
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR })
const consumer = kafka.consumer({ groupId: sink, readUncommitted: true, maxBytesPerPartition: 1024 * 1024 })
const producer = kafka.producer({ transactionalId: sink, idempotent: true, maxInFlightRequests: 1 })

const windows = new Map<number, Window>()
const partitions = new Map<number, Partition>()
let closed: Message[] = []
let committedAt = Date.now()

const format = (ms: number): string => {
  const text = new Date(ms).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`
}

function count({ ip, time }: { ip: string; time: number }, partition: number, offset: string): void {
  const start = time - (time % WINDOW_MS)
  let window = windows.get(start)
  if (window === undefined) {
    window = { counts: new Map(), firstOffsets: new Map() }
    windows.set(start, window)
  }
  if (!window.firstOffsets.has(partition)) window.firstOffsets.set(partition, offset)
  window.counts.set(ip, (window.counts.get(ip) ?? 0) + 1)
}

function closeWindows(upTo: number): void {
  const due = [...windows.keys()].filter(start => start + WINDOW_MS - 1 <= upTo).sort((a, b) => a - b)
  for (const start of due) {
    const window_start = format(start)
    const window_end = format(start + WINDOW_MS)
    for (const [ip, request_count] of windows.get(start)!.counts)
      closed.push({ value: JSON.stringify({ window_start, window_end, ip, request_count }) })
    windows.delete(start)
  }
}

function restartOffset(id: number, { next }: Partition): string {
  const firsts = [...windows.entries()].sort(([a], [b]) => a - b).map(([, open]) => open.firstOffsets.get(id))
  return firsts.find(offset => offset !== undefined) ?? next
}

async function commit(): Promise<void> {
  const transaction = await producer.transaction()
  for (let first = 0; first < closed.length; first += ROWS_PER_SEND)
    await transaction.send({ topic: sink, messages: closed.slice(first, first + ROWS_PER_SEND) })
  const offsets = [...partitions].map(([id, at]) => ({ partition: id, offset: restartOffset(id, at) }))
  await transaction.sendOffsets({ consumerGroupId: sink, topics: [{ topic: source, partitions: offsets }] })
  await transaction.commit()
  closed = []
  committedAt = Date.now()
}

async function eachBatch({ batch, heartbeat }: EachBatchPayload): Promise<void> {
  const partition = partitions.get(batch.partition)!
  for (const { value, offset } of batch.messages) {
    if (BigInt(offset) >= partition.end) break
    const row = JSON.parse(value!.toString()) as { event_time: string; ip: string }
    const time = Date.parse(`${row.event_time.replace(' ', 'T')}Z`)
    count({ ip: row.ip, time }, batch.partition, offset)
    if (time - DELAY_MS > partition.watermark) partition.watermark = time - DELAY_MS
  }
  partition.next = String(BigInt(batch.lastOffset()) + 1n)
  if (BigInt(partition.next) >= partition.end) partition.watermark = Number.POSITIVE_INFINITY
  closeWindows(Math.min(...[...partitions.values()].map(({ watermark }) => watermark)))
  const isDone = [...partitions.values()].every(({ next, end }) => BigInt(next) >= end)
  if (isDone || Date.now() - committedAt >= COMMIT_MS) await commit()
  await heartbeat()
  if (isDone) finish()
}

let finish = (): void => {}
const finished = new Promise<void>(resolve => {
  finish = resolve
})

const admin = kafka.admin()
await admin.connect()
for (const { partition, low, high } of await admin.fetchTopicOffsets(source))
  partitions.set(partition, {
    end: BigInt(high),
    next: low,
    watermark: low === high ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
  })
await admin.disconnect()
await producer.connect()
await consumer.connect()
await consumer.subscribe({ topic: source, fromBeginning: true })
await consumer.run({ autoCommit: false, eachBatchAutoResolve: true, eachBatch })
await finished
await consumer.disconnect()
await producer.disconnect()
