import type { KafkaRequest } from '../transport/request.ts'

export interface PartitionMetadata {
  readonly partition: number
  /** -1 while there is none. */
  readonly leader: number
}

export interface TopicMetadata {
  readonly topic: string
  /** 32 hexadecimal digits; '' when the broker did not say. */
  readonly id: string
  readonly code: number
  readonly internal: boolean
  readonly partitions: readonly PartitionMetadata[]
}

export interface MetadataResponse {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
  readonly clusterId: string
  readonly controllerId: number
  readonly topics: readonly TopicMetadata[]
}

/** Metadata v6; `topics` null = all. With `mayCreate` brokers that are set so create missing topics. */
export const metadataRequest = (
  topics: readonly string[] | null,
  mayCreate = false,
): KafkaRequest<MetadataResponse> => ({
  apiKey: 3,
  apiName: 'Metadata',
  apiVersion: 6,
  encode(w) {
    if (topics === null) w.int32(-1)
    else w.array(topics, topic => w.string(topic))
    w.boolean(mayCreate)
  },
  decode(r) {
    r.int32()
    const brokers = r.array(() => {
      const broker = { nodeId: r.int32(), host: r.string(), port: r.int32() }
      r.nullableString()
      return broker
    })
    const clusterId = r.string()
    const controllerId = r.int32()
    const found = r.array(() => {
      const code = r.int16()
      const topic = r.string()
      const internal = r.boolean()
      const partitions = r.array(() => {
        r.int16()
        const partition = { partition: r.int32(), leader: r.int32() }
        for (let i = 0; i < 3; i++) r.array(() => r.int32())
        return partition
      })
      partitions.sort((a, b) => a.partition - b.partition)
      return { code, topic, id: '', internal, partitions }
    })
    return { brokers, clusterId, controllerId, topics: found }
  },
})

const NO_ID = '0'.repeat(32)

/** Metadata v10, the first with topic ids (Kafka 2.8). */
export const metadataWithIdsRequest = (
  topics: readonly string[] | null,
  mayCreate = false,
): KafkaRequest<MetadataResponse> => ({
  apiKey: 3,
  apiName: 'Metadata',
  apiVersion: 10,
  flexible: true,
  encode(w) {
    if (topics === null) w.uvarint(0)
    else w.compactArray(topics, topic => w.raw(new Uint8Array(16)).compactString(topic).noTags())
    w.boolean(mayCreate).boolean(false).boolean(false).noTags()
  },
  decode(r) {
    r.int32()
    const brokers = r.compactArray(() => {
      const broker = { nodeId: r.int32(), host: r.compactString(), port: r.int32() }
      r.nullableCompactString()
      r.skipTags()
      return broker
    })
    const clusterId = r.compactString()
    const controllerId = r.int32()
    const found = r.compactArray(() => {
      const code = r.int16()
      const topic = r.compactString()
      const id = r.hex(16)
      const internal = r.boolean()
      const partitions = r.compactArray(() => {
        r.int16()
        const partition = { partition: r.int32(), leader: r.int32() }
        r.int32()
        for (let i = 0; i < 3; i++) r.compactArray(() => r.int32())
        r.skipTags()
        return partition
      })
      partitions.sort((a, b) => a.partition - b.partition)
      r.int32()
      r.skipTags()
      return { code, topic, id: id === NO_ID ? '' : id, internal, partitions }
    })
    return { brokers, clusterId, controllerId, topics: found }
  },
})

export type CoordinatorType = 'group' | 'transaction'

export interface CoordinatorResponse {
  readonly code: number
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** FindCoordinator v2. */
export const findCoordinatorRequest = (
  type: CoordinatorType,
  key: string,
): KafkaRequest<CoordinatorResponse> => ({
  apiKey: 10,
  apiName: 'FindCoordinator',
  apiVersion: 2,
  encode(w) {
    w.string(key).int8(type === 'group' ? 0 : 1)
  },
  decode(r) {
    r.int32()
    const code = r.int16()
    r.nullableString()
    return { code, nodeId: r.int32(), host: r.string(), port: r.int32() }
  },
})

/** DescribeConfigs v1 of one broker: the values of the named settings, null where unknown. */
export const describeBrokerConfigRequest = (
  nodeId: number,
  names: readonly string[],
): KafkaRequest<{ readonly code: number; readonly values: ReadonlyMap<string, string> }> => ({
  apiKey: 32,
  apiName: 'DescribeConfigs',
  apiVersion: 1,
  encode(w) {
    w.int32(1).int8(4).string(String(nodeId))
    w.array(names, name => w.string(name)).boolean(false)
  },
  decode(r) {
    r.int32()
    const values = new Map<string, string>()
    let code = 0
    r.array(() => {
      code = r.int16()
      r.nullableString()
      r.int8()
      r.string()
      r.array(() => {
        const name = r.string()
        const value = r.nullableString()
        if (value !== null) values.set(name, value)
        r.boolean()
        r.int8()
        r.boolean()
        r.array(() => {
          r.string()
          r.nullableString()
          r.int8()
        })
      })
    })
    return { code, values }
  },
})
