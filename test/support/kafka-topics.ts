/** Creates, fills and reads topics with our own requests, for any broker. */
import { RecordDecoder } from '../../src/connectors/kafka/records/record-decoder.ts'
import { RecordRun } from '../../src/connectors/kafka/records/record-run.ts'
import { fetchRequest } from '../../src/connectors/kafka/requests/fetch.ts'
import { EARLIEST, LATEST, listOffsetsRequest } from '../../src/connectors/kafka/requests/offsets.ts'
import { KafkaCluster } from '../../src/connectors/kafka/transport/cluster.ts'
import type { ConnectionConfig } from '../../src/connectors/kafka/transport/connection-config.ts'
import type { KafkaRequest } from '../../src/connectors/kafka/transport/request.ts'
import { silentLogger } from '../../src/logger/logger.ts'

export const testConnection = (
  bootstrap: string,
  overrides: Partial<ConnectionConfig> = {},
): ConnectionConfig => ({
  bootstrap: bootstrap.split(',').map(part => {
    const [host, port] = part.split(':')
    return { host: host!, port: Number(port) }
  }),
  clientId: 'millrace-test',
  tls: null,
  sasl: null,
  requestTimeoutMs: 10_000,
  connectTimeoutMs: 3_000,
  metadataMaxAgeMs: 60_000,
  ...overrides,
})

const createTopicRequest = (
  topic: string,
  partitions: number,
  configs: Readonly<Record<string, string>>,
): KafkaRequest<number> => ({
  apiKey: 19,
  apiName: 'CreateTopics',
  apiVersion: 3,
  encode(w) {
    w.int32(1).string(topic).int32(partitions).int16(1).int32(0)
    w.array(Object.entries(configs), ([key, value]) => w.string(key).string(value))
    w.int32(10_000).boolean(false)
  },
  decode(r) {
    r.int32()
    return r.array(() => {
      r.string()
      const code = r.int16()
      r.nullableString()
      return code
    })[0]!
  },
})

export interface ReadRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
}

export class TopicTool {
  readonly cluster: KafkaCluster

  constructor(bootstrap: string, overrides: Partial<ConnectionConfig> = {}) {
    this.cluster = new KafkaCluster(testConnection(bootstrap, overrides), silentLogger)
  }

  /** Creates the topic and waits until it has leaders. */
  async create(topic: string, partitions = 1, configs: Readonly<Record<string, string>> = {}): Promise<void> {
    for (let tries = 0; ; tries++) {
      await this.cluster.metadata([])
      const code = await this.cluster.send(
        this.cluster.controllerId,
        'control',
        createTopicRequest(topic, partitions, configs),
      )
      if (code === 0) break
      if (tries > 50) throw new Error(`CreateTopics answered ${code}`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    for (let tries = 0; tries < 100; tries++) {
      await this.cluster.requireTopics([topic])
      if (
        Array.from({ length: partitions }, (_, p) => this.cluster.leaderOf(topic, p)!).every(
          leader => leader >= 0,
        )
      )
        return
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  async offsets(topic: string, which: 'earliest' | 'latest', committed: boolean): Promise<number[]> {
    await this.cluster.requireTopics([topic])
    const offsets: number[] = []
    for (let partition = 0; partition < this.cluster.numPartitions(topic); partition++) {
      const leader = this.cluster.leaderOf(topic, partition)!
      const timestamp = which === 'earliest' ? EARLIEST : LATEST
      const [found] = await this.cluster.send(
        leader,
        'control',
        listOffsetsRequest([{ topic, partition, timestamp }], committed),
      )
      offsets.push(found!.offset)
    }
    return offsets
  }

  /** Resolves when the markers of all ended transactions are in the log. */
  async untilDecided(topic: string): Promise<void> {
    for (;;) {
      const [stable, high] = [
        await this.offsets(topic, 'latest', true),
        await this.offsets(topic, 'latest', false),
      ]
      if (stable.every((offset, partition) => offset === high[partition])) return
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  /** Everything readers see, in order per partition. The aborted filter here is written plainly, as an oracle. */
  async read(topic: string, committed = true): Promise<ReadRecord[]> {
    const ends = await this.offsets(topic, 'latest', committed)
    const records: ReadRecord[] = []
    for (const [partition, end] of ends.entries()) {
      for (let offset = 0; offset < end; ) {
        const leader = this.cluster.leaderOf(topic, partition)!
        const { partitions } = await this.cluster.send(
          leader,
          'fetch-test',
          fetchRequest([{ topic, partition, offset, maxBytes: 50_000_000 }], {
            maxWaitMs: 100,
            minBytes: 1,
            maxBytes: 50_000_000,
            readCommitted: committed,
          }),
        )
        const fetched = partitions[0]!
        if (fetched.code !== 0) throw new Error(`Fetch answered ${fetched.code}`)
        const decoder = new RecordDecoder(topic, partition, true)
        const aborted: { pid: number; first: number }[] = []
        for (let i = 0; i < fetched.aborted.length; i += 2)
          aborted.push({ pid: fetched.aborted[i]!, first: fetched.aborted[i + 1]! })
        const markers: { pid: number; offset: number; abort: boolean }[] = []
        const batches: { pid: number; transactional: boolean; records: ReadRecord[] }[] = []
        let next = offset
        for (
          let at = fetched.start;
          decoder.openHeader(fetched.bytes, at, fetched.end);
          at = decoder.header.end
        ) {
          const { header } = decoder
          next = header.lastOffset + 1
          if (header.isControl) {
            const abort = decoder.controlType(fetched.bytes) === 0
            markers.push({ pid: header.producerId, offset: header.baseOffset, abort })
            continue
          }
          decoder.openRecords(fetched.bytes)
          const run = new RecordRun(Math.max(1, header.numRecords))
          run.bytes = decoder.bytes
          decoder.decode(run, offset, end)
          const text = (start: number, stop: number): string | null =>
            start < 0 ? null : Buffer.from(run.bytes.subarray(start, stop)).toString()
          batches.push({
            pid: header.producerId,
            transactional: header.isTransactional,
            records: Array.from({ length: run.length }, (_, i) => ({
              partition,
              offset: run.offsets[i]!,
              timestamp: run.timestamps[i]!,
              key: text(run.keyStarts[i]!, run.keyEnds[i]!),
              value: text(run.valueStarts[i]!, run.valueEnds[i]!),
            })),
          })
        }
        const isAborted = (pid: number, at: number): boolean =>
          aborted.some(({ pid: p, first }) => {
            const end =
              markers.find(m => m.pid === p && m.abort && m.offset > first)?.offset ??
              Number.POSITIVE_INFINITY
            return p === pid && first <= at && at < end
          })
        for (const batch of batches)
          for (const record of batch.records)
            if (!(committed && batch.transactional && isAborted(batch.pid, record.offset)))
              records.push(record)
        if (next === offset) break
        offset = next
      }
    }
    return records
  }

  close(): Promise<void> {
    return this.cluster.close()
  }
}
