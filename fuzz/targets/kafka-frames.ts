/** Requests of ours with the dev broker's answers, made in this process without a socket. */

import { RecordBatchBuilder } from '../../src/connectors/kafka/records/record-batch-builder.ts'
import { encodeRecordHeaders } from '../../src/connectors/kafka/records/record-headers.ts'
import { fetchRequest } from '../../src/connectors/kafka/requests/fetch.ts'
import {
  describeBrokerConfigRequest,
  findCoordinatorRequest,
  metadataRequest,
} from '../../src/connectors/kafka/requests/metadata.ts'
import {
  EARLIEST,
  LATEST,
  listOffsetsRequest,
  offsetCommitRequest,
  offsetFetchRequest,
  stableOffsetFetchRequest,
} from '../../src/connectors/kafka/requests/offsets.ts'
import { produceRequest } from '../../src/connectors/kafka/requests/produce.ts'
import {
  addOffsetsToTxnRequest,
  addPartitionsToTxnRequest,
  endTxnRequest,
  initIdempotentRequest,
  initProducerIdRequest,
  txnOffsetCommitRequest,
} from '../../src/connectors/kafka/requests/transactions.ts'
import type { KafkaRequest } from '../../src/connectors/kafka/transport/request.ts'
import { WireWriter } from '../../src/connectors/kafka/transport/wire.ts'
import { Clock } from '../../src/dev-broker/clock.ts'
import { Cluster } from '../../src/dev-broker/cluster/cluster.ts'
import { FaultInjector } from '../../src/dev-broker/faults/fault-injector.ts'
import { process } from '../../src/dev-broker/server/process-request.ts'
import { readRequest } from '../../src/dev-broker/server/request-frame.ts'
import { SaslSession } from '../../src/dev-broker/server/sasl.ts'
import { memoryStorage } from '../../src/dev-broker/storage/cluster-storage.ts'
import { silentLogger } from '../../src/logger/logger.ts'

export interface Exchange {
  readonly name: string
  readonly request: KafkaRequest<unknown>
  /** As on the wire, without the length before it. */
  readonly requestFrame: Uint8Array
  /** As on the wire, with its length. */
  readonly answerFrame: Uint8Array
}

function sealedBatch(): Uint8Array {
  const builder = new RecordBatchBuilder(64)
  for (let i = 0; i < 3; i++) {
    const value = Buffer.from(`{"id":${i}}`)
    builder.begin(1_700_000_000_000 + i, Buffer.from('key'), 0, 3)
    builder.reserve(value.length)
    builder.bytes.set(value, builder.length)
    builder.length += value.length
    builder.end(encodeRecordHeaders([{ key: 'h', value: null }]))
  }
  const identity = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
  return builder.seal({ ...identity, transactional: false, compression: 'none' }).slice()
}

function conversation(): readonly (readonly [string, KafkaRequest<unknown>])[] {
  const partitions = [0, 1].map(partition => ({ topic: 'orders', partition }))
  const producer = { producerId: 0, producerEpoch: 0 }
  const fetchOptions = { maxWaitMs: 0, minBytes: 1, maxBytes: 1 << 20, readCommitted: true }
  const bytes = sealedBatch()
  return [
    ['metadata', metadataRequest(['orders', 'nowhere'], true)],
    ['metadata of all', metadataRequest(null)],
    ['find coordinator', findCoordinatorRequest('transaction', 'tx')],
    ['describe configs', describeBrokerConfigRequest(1, ['transaction.max.timeout.ms', 'nonsense'])],
    [
      'produce',
      produceRequest(
        null,
        -1,
        1000,
        partitions.map(one => ({ ...one, bytes: bytes.slice() })),
      ),
    ],
    [
      'fetch',
      fetchRequest(
        partitions.map(one => ({ ...one, offset: 0, maxBytes: 1 << 20 })),
        fetchOptions,
      ),
    ],
    [
      'list offsets',
      listOffsetsRequest(
        partitions.map(one => ({ ...one, timestamp: EARLIEST })),
        false,
      ),
    ],
    [
      'list latest',
      listOffsetsRequest(
        partitions.map(one => ({ ...one, timestamp: LATEST })),
        true,
      ),
    ],
    [
      'offset commit',
      offsetCommitRequest(
        'group',
        partitions.map(one => ({ ...one, offset: 2 })),
      ),
    ],
    ['offset fetch', offsetFetchRequest('group', null)],
    ['stable offset fetch', stableOffsetFetchRequest('group', partitions)],
    ['init producer id', initProducerIdRequest('tx', 60_000, null)],
    ['init idempotent', initIdempotentRequest()],
    ['add partitions', addPartitionsToTxnRequest('tx', producer, partitions)],
    ['add offsets', addOffsetsToTxnRequest('tx', producer, 'group')],
    ['txn offset commit', txnOffsetCommitRequest('tx', 'group', producer, partitions[0]!, 5, 'meta')],
    ['end txn', endTxnRequest('tx', producer, true)],
  ]
}

const settings = {
  numBrokers: 3,
  defaultPartitions: 2,
  autoCreateTopics: true,
  transactionSweepIntervalMs: 1000,
  maxTransactionTimeoutMs: 900_000,
  transactionalIdExpirationMs: 604_800_000,
  markerDelayMs: 0,
  kafkaVersion: '3.9',
  groupInitialRebalanceDelayMs: 0,
  maxRequestBytes: 1 << 20,
  saslUsers: [],
} as const

/** Plays the conversation once. */
export async function recordExchanges(): Promise<readonly Exchange[]> {
  const cluster = new Cluster(settings, new Clock(), memoryStorage(), new FaultInjector(), silentLogger)
  cluster.nodes = [1, 2, 3].map(nodeId => ({ nodeId, host: '127.0.0.1', port: 9091 + nodeId }))
  const exchanges: Exchange[] = []
  for (const [name, request] of conversation()) {
    const writer = new WireWriter()
    writer.int16(request.apiKey).int16(request.apiVersion).int32(exchanges.length).string('fuzz')
    if (request.flexible === true) writer.noTags()
    request.encode(writer)
    const requestFrame = Uint8Array.from(Buffer.concat(writer.pieces()))
    const frame = readRequest(Buffer.from(requestFrame))
    if (frame === undefined) throw new Error(`the dev broker does not know ${name}`)
    const context = {
      ...{ cluster, nodeId: 1, apiKey: request.apiKey, apiVersion: request.apiVersion },
      ...{ correlationId: exchanges.length, clientId: 'fuzz', clientHost: '', sasl: new SaslSession([]) },
      signal: new AbortController().signal,
    }
    const { answer } = await process(frame, context)
    if (answer === undefined) throw new Error(`the dev broker does not answer ${name}`)
    exchanges.push({ name, request, requestFrame, answerFrame: Uint8Array.from(Buffer.concat(answer)) })
  }
  return exchanges
}
