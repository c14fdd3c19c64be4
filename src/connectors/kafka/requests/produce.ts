import type { KafkaRequest } from '../transport/request.ts'
import { byTopic, type TopicPartition } from './offsets.ts'

export interface ProduceItem extends TopicPartition {
  readonly bytes: Uint8Array
}

export interface ProduceResult extends TopicPartition {
  readonly code: number
}

/** Produce v7. `acks` -1 = all in-sync replicas. The bytes of the items must not change until it is answered. */
export function produceRequest(
  transactionalId: string | null,
  acks: number,
  timeoutMs: number,
  items: readonly ProduceItem[],
): KafkaRequest<ProduceResult[]> {
  return {
    apiKey: 0,
    apiName: 'Produce',
    apiVersion: 7,
    noResponse: acks === 0,
    sizeHint: 64 + items.reduce((sum, { topic }) => sum + topic.length + 16, 0),
    encode(w) {
      w.string(transactionalId).int16(acks).int32(timeoutMs)
      w.array(byTopic(items), ([topic, group]) => {
        w.string(topic).array(group, item => w.int32(item.partition).bytes(item.bytes))
      })
    },
    decode(r) {
      const results: ProduceResult[] = []
      r.array(() => {
        const topic = r.string()
        r.array(() => {
          const partition = r.int32()
          const code = r.int16()
          r.skip(24)
          results.push({ topic, partition, code })
        })
      })
      return results
    },
  }
}
