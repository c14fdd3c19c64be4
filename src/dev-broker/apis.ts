/** Every API this broker speaks, bound to its handler. The one list that ApiVersions and the request reader go by. */
import {
  handleAlterConfigs,
  handleDescribeCluster,
  handleDescribeConfigs,
  handleIncrementalAlterConfigs,
} from './handlers/configs.ts'
import { handleFetch } from './handlers/fetch.ts'
import { handleOffsetCommit, handleOffsetFetch } from './handlers/group-offsets.ts'
import {
  handleDeleteGroups,
  handleDescribeGroups,
  handleHeartbeat,
  handleJoinGroup,
  handleLeaveGroup,
  handleListGroups,
  handleOffsetDelete,
  handleSyncGroup,
} from './handlers/groups.ts'
import { handleListOffsets, handleOffsetForLeaderEpoch } from './handlers/list-offsets.ts'
import { handleFindCoordinator, handleMetadata } from './handlers/metadata.ts'
import { handleProduce } from './handlers/produce.ts'
import { handleSaslAuthenticate, handleSaslHandshake } from './handlers/sasl.ts'
import {
  handleCreatePartitions,
  handleCreateTopics,
  handleDeleteRecords,
  handleDeleteTopics,
} from './handlers/topics.ts'
import {
  handleAddOffsetsToTxn,
  handleAddPartitionsToTxn,
  handleDescribeTransactions,
  handleEndTxn,
  handleInitProducerId,
  handleListTransactions,
  handleTxnOffsetCommit,
} from './handlers/transactions.ts'
import { addOffsetsToTxn } from './protocol/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from './protocol/add-partitions-to-txn.ts'
import { alterConfigs, incrementalAlterConfigs } from './protocol/alter-configs.ts'
import { type ApiVersionsResponse, apiVersions } from './protocol/api-versions.ts'
import { createPartitions } from './protocol/create-partitions.ts'
import { createTopics } from './protocol/create-topics.ts'
import { deleteGroups } from './protocol/delete-groups.ts'
import { deleteRecords } from './protocol/delete-records.ts'
import { deleteTopics } from './protocol/delete-topics.ts'
import { describeCluster } from './protocol/describe-cluster.ts'
import { describeConfigs } from './protocol/describe-configs.ts'
import { describeGroups } from './protocol/describe-groups.ts'
import { describeTransactions } from './protocol/describe-transactions.ts'
import { endTxn } from './protocol/end-txn.ts'
import { fetch } from './protocol/fetch.ts'
import { findCoordinator } from './protocol/find-coordinator.ts'
import { heartbeat } from './protocol/heartbeat.ts'
import { initProducerId } from './protocol/init-producer-id.ts'
import { joinGroup } from './protocol/join-group.ts'
import { leaveGroup } from './protocol/leave-group.ts'
import { listGroups } from './protocol/list-groups.ts'
import { listOffsets } from './protocol/list-offsets.ts'
import { listTransactions } from './protocol/list-transactions.ts'
import { metadata } from './protocol/metadata.ts'
import { offsetCommit } from './protocol/offset-commit.ts'
import { offsetDelete } from './protocol/offset-delete.ts'
import { offsetFetch } from './protocol/offset-fetch.ts'
import { offsetForLeaderEpoch } from './protocol/offset-for-leader-epoch.ts'
import { produce } from './protocol/produce.ts'
import { saslAuthenticate } from './protocol/sasl-authenticate.ts'
import { saslHandshake } from './protocol/sasl-handshake.ts'
import { syncGroup } from './protocol/sync-group.ts'
import { txnOffsetCommit } from './protocol/txn-offset-commit.ts'
import { type Route, route } from './server/route.ts'

const apis: readonly Route[] = [
  route(produce, handleProduce),
  route(fetch, handleFetch),
  route(listOffsets, handleListOffsets),
  route(metadata, handleMetadata),
  route(offsetCommit, handleOffsetCommit),
  route(offsetFetch, handleOffsetFetch),
  route(findCoordinator, handleFindCoordinator),
  route(joinGroup, handleJoinGroup),
  route(heartbeat, handleHeartbeat),
  route(leaveGroup, handleLeaveGroup),
  route(syncGroup, handleSyncGroup),
  route(describeGroups, handleDescribeGroups),
  route(listGroups, handleListGroups),
  route(saslHandshake, handleSaslHandshake),
  route(apiVersions, () => supportedVersions()),
  route(createTopics, handleCreateTopics),
  route(deleteTopics, handleDeleteTopics),
  route(deleteRecords, handleDeleteRecords),
  route(initProducerId, handleInitProducerId),
  route(offsetForLeaderEpoch, handleOffsetForLeaderEpoch),
  route(addPartitionsToTxn, handleAddPartitionsToTxn),
  route(addOffsetsToTxn, handleAddOffsetsToTxn),
  route(endTxn, handleEndTxn),
  route(txnOffsetCommit, handleTxnOffsetCommit),
  route(describeConfigs, handleDescribeConfigs),
  route(alterConfigs, handleAlterConfigs),
  route(saslAuthenticate, handleSaslAuthenticate),
  route(createPartitions, handleCreatePartitions),
  route(deleteGroups, handleDeleteGroups),
  route(incrementalAlterConfigs, handleIncrementalAlterConfigs),
  route(offsetDelete, handleOffsetDelete),
  route(describeCluster, handleDescribeCluster),
  route(describeTransactions, handleDescribeTransactions),
  route(listTransactions, handleListTransactions),
]

export const routes: ReadonlyMap<number, Route> = new Map(apis.map(api => [api.key, api]))

function supportedVersions(): ApiVersionsResponse {
  const ranges = apis.map(({ key, minVersion, maxVersion }) => ({ key, minVersion, maxVersion }))
  return { errorCode: 0, apis: ranges, throttleTimeMs: 0 }
}
