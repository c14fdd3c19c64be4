import type { Cluster } from '../cluster/cluster.ts'
import type { NewOffset } from '../groups/group-offsets.ts'
import { errorCode } from '../protocol/error-code.ts'

/** Kafka's `offset.metadata.max.bytes`. */
const maxMetadataBytes = 4096

export type CommittedPartition = NewOffset

interface CommitTopic {
  readonly name: string
  readonly partitions: readonly {
    readonly partition: number
    readonly offset: number
    readonly leaderEpoch: number
    readonly metadata: string | null
  }[]
}

interface CommitAnswer {
  readonly name: string
  readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[]
}

/** Judges each partition of a commit: 3 for an unknown one, then `refused` (what the group says of the caller), then 12 for long metadata. */
export function commitRefusals(
  topics: readonly CommitTopic[],
  cluster: Cluster,
  refused: number,
): { readonly answers: readonly CommitAnswer[]; readonly accepted: readonly CommittedPartition[] } {
  const accepted: CommittedPartition[] = []
  const answers = topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partition, offset, leaderEpoch, metadata }) => {
      const text = metadata ?? ''
      if (cluster.topics.partition(name, partition) === undefined) {
        return { partition, errorCode: errorCode.unknownTopicOrPartition }
      }
      if (refused !== errorCode.none) return { partition, errorCode: refused }
      if (Buffer.byteLength(text) > maxMetadataBytes) {
        return { partition, errorCode: errorCode.offsetMetadataTooLarge }
      }
      accepted.push({ topic: name, partition, offset, leaderEpoch, metadata: text })
      return { partition, errorCode: errorCode.none }
    }),
  }))
  return { answers, accepted }
}
