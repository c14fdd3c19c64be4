import type { KafkaRequest } from '../transport/request.ts'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** Also the id of the split that is read from it. */
export const splitId = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

/** Groups by topic, in order of first appearance. */
export function byTopic<T extends TopicPartition>(items: readonly T[]): [string, T[]][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(item.topic)
    if (group === undefined) groups.set(item.topic, [item])
    else group.push(item)
  }
  return [...groups]
}

export const EARLIEST = -2
export const LATEST = -1

export interface ListedOffset extends TopicPartition {
  readonly code: number
  /** -1 when no record is that young. */
  readonly offset: number
}

/** ListOffsets v3. `timestamp`: epoch ms, EARLIEST or LATEST. */
export const listOffsetsRequest = (
  partitions: readonly (TopicPartition & { readonly timestamp: number })[],
  readCommitted: boolean,
): KafkaRequest<ListedOffset[]> => ({
  apiKey: 2,
  apiName: 'ListOffsets',
  apiVersion: 3,
  encode(w) {
    w.int32(-1).int8(readCommitted ? 1 : 0)
    w.array(byTopic(partitions), ([topic, group]) => {
      w.string(topic).array(group, item => w.int32(item.partition).int64(item.timestamp))
    })
  },
  decode(r) {
    r.int32()
    const found: ListedOffset[] = []
    r.array(() => {
      const topic = r.string()
      r.array(() => {
        const partition = r.int32()
        const code = r.int16()
        r.int64()
        found.push({ topic, partition, code, offset: r.int64() })
      })
    })
    return found
  },
})

/** OffsetCommit v5 outside any membership. */
export const offsetCommitRequest = (
  group: string,
  partitions: readonly (TopicPartition & { readonly offset: number })[],
): KafkaRequest<(TopicPartition & { readonly code: number })[]> => ({
  apiKey: 8,
  apiName: 'OffsetCommit',
  apiVersion: 5,
  encode(w) {
    w.string(group).int32(-1).string('')
    w.array(byTopic(partitions), ([topic, items]) => {
      w.string(topic).array(items, item => w.int32(item.partition).int64(item.offset).string(''))
    })
  },
  decode(r) {
    r.int32()
    const found: (TopicPartition & { code: number })[] = []
    r.array(() => {
      const topic = r.string()
      r.array(() => {
        found.push({ topic, partition: r.int32(), code: r.int16() })
      })
    })
    return found
  },
})

export interface FetchedOffset extends TopicPartition {
  readonly code: number
  /** -1 = the group has none. */
  readonly offset: number
  readonly metadata: string
}

export interface OffsetFetchResponse {
  readonly code: number
  readonly offsets: readonly FetchedOffset[]
}

/** OffsetFetch v4: last committed values, pending transactions ignored. `partitions` null = all of the group. */
export const offsetFetchRequest = (
  group: string,
  partitions: readonly TopicPartition[] | null,
): KafkaRequest<OffsetFetchResponse> => ({
  apiKey: 9,
  apiName: 'OffsetFetch',
  apiVersion: 4,
  encode(w) {
    w.string(group)
    if (partitions === null) w.int32(-1)
    else
      w.array(byTopic(partitions), ([topic, items]) => {
        w.string(topic).array(items, item => w.int32(item.partition))
      })
  },
  decode(r) {
    r.int32()
    const offsets: FetchedOffset[] = []
    r.array(() => {
      const topic = r.string()
      r.array(() => {
        const partition = r.int32()
        const offset = r.int64()
        const metadata = r.string()
        offsets.push({ topic, partition, offset, metadata, code: r.int16() })
      })
    })
    return { code: r.int16(), offsets }
  },
})

/** OffsetFetch v7 with require_stable: 88 while a transaction's offset is pending. */
export const stableOffsetFetchRequest = (
  group: string,
  partitions: readonly TopicPartition[] | null,
): KafkaRequest<OffsetFetchResponse> => ({
  apiKey: 9,
  apiName: 'OffsetFetch',
  apiVersion: 7,
  flexible: true,
  encode(w) {
    w.compactString(group)
    if (partitions === null) w.uvarint(0)
    else
      w.compactArray(byTopic(partitions), ([topic, items]) => {
        w.compactString(topic)
          .compactArray(items, item => w.int32(item.partition))
          .noTags()
      })
    w.boolean(true).noTags()
  },
  decode(r) {
    r.int32()
    const offsets: FetchedOffset[] = []
    r.compactArray(() => {
      const topic = r.compactString()
      r.compactArray(() => {
        const partition = r.int32()
        const offset = r.int64()
        r.int32()
        const metadata = r.compactString()
        offsets.push({ topic, partition, offset, metadata, code: r.int16() })
        r.skipTags()
      })
      r.skipTags()
    })
    return { code: r.int16(), offsets }
  },
})
