import type { Partition } from '../cluster/topics.ts'
import { errorCode } from '../protocol/error-code.ts'

/** Why a broker does not answer for a partition: not its leader, or the client knows another leader epoch. 0 = it answers. */
export function leaderEpochRefusal(partition: Partition, nodeId: number, currentLeaderEpoch: number): number {
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < partition.leaderEpoch)
    return errorCode.fencedLeaderEpoch
  if (currentLeaderEpoch > partition.leaderEpoch) return errorCode.unknownLeaderEpoch
  return partition.leader === nodeId ? errorCode.none : errorCode.notLeaderOrFollower
}
