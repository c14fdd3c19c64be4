import { encodeBatch } from '../../../src/dev-broker/log/record-batch.ts'
import type { Producer } from './wire-client.ts'

const transactional = 0x10

/** A varint of zig-zag form, for small numbers. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
  return bytes
}

const recordOf = (value: string, i: number): Buffer => {
  const text = Buffer.from(value)
  const body = [0, ...varint(0), ...varint(i), ...varint(-1), ...varint(text.length), ...text, ...varint(0)]
  return Buffer.from([...varint(body.length), ...body])
}

export interface BatchOptions {
  readonly producer?: Producer
  readonly sequence?: number
  readonly isTransactional?: boolean
  /** Epoch milliseconds of every record; now by default, since old ones make Kafka roll its segments. */
  readonly timestamp?: number
}

/** An uncompressed batch of string values, as a producer sends it. */
export function batchOf(values: readonly string[], options: BatchOptions = {}): Buffer {
  const {
    producer,
    sequence = producer === undefined ? -1 : 0,
    isTransactional = false,
    timestamp = Date.now(),
  } = options
  return encodeBatch({
    attributes: isTransactional ? transactional : 0,
    timestamp,
    producerId: producer?.producerId ?? -1,
    producerEpoch: producer?.producerEpoch ?? -1,
    baseSequence: sequence,
    recordCount: values.length,
    records: Buffer.concat(values.map(recordOf)),
  })
}
