/**
 * Metadata (key 3), versions 0–12. All topics are asked for with a null list (an empty one in version 0).
 *
 *   request  => [topic_id:uuid (10+) name (null allowed 10+)]? allow_auto_creation:bool (4+)
 *               cluster_operations:bool (8–10) topic_operations:bool (8+)
 *   response => throttle_ms:i32 (3+) [node:i32 host port:i32 rack? (1+)] cluster_id? (2+) controller:i32 (1+)
 *               [error:i16 name topic_id:uuid (10+) internal:bool (1+) [error:i16 partition:i32 leader:i32
 *               leader_epoch:i32 (7+) [replica:i32] [isr:i32] [offline:i32] (5+)] operations:i32 (8+)]
 *               cluster_operations:i32 (8–10)
 */
import { defineApi } from './api.ts'
import {
  array,
  between,
  boolean,
  type Infer,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  uuid,
  zeroUuid,
} from './codec.ts'

const request = struct({
  topics: nullableArray(struct({ topicId: since(10, uuid, zeroUuid), name: nullableString })),
  allowAutoTopicCreation: since(4, boolean, true),
  includeClusterOperations: between(8, 10, boolean, false),
  includeTopicOperations: since(8, boolean, false),
})

const response = struct({
  throttleTimeMs: since(3, int32, 0),
  brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: since(1, nullableString, null) })),
  clusterId: since(2, nullableString, null),
  controllerId: since(1, int32, -1),
  topics: array(
    struct({
      errorCode: int16,
      name: nullableString,
      topicId: since(10, uuid, zeroUuid),
      isInternal: since(1, boolean, false),
      partitions: array(
        struct({
          errorCode: int16,
          partition: int32,
          leaderId: int32,
          leaderEpoch: since(7, int32, -1),
          replicas: array(int32),
          inSyncReplicas: array(int32),
          offlineReplicas: since(5, array(int32), []),
        }),
      ),
      operations: since(8, int32, operationsUnknown()),
    }),
  ),
  clusterOperations: between(8, 10, int32, operationsUnknown()),
})

function operationsUnknown(): number {
  return -2147483648
}

export type MetadataRequest = Infer<typeof request>
export type MetadataResponse = Infer<typeof response>
export type MetadataTopic = MetadataResponse['topics'][number]

export const metadataTopicFailure = (
  name: string | null,
  topicId: string,
  errorCode: number,
): MetadataTopic => ({
  errorCode,
  name,
  topicId,
  isInternal: false,
  partitions: [],
  operations: operationsUnknown(),
})

export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 12,
  flexibleSince: 9,
  request,
  response,
  failure: (request: MetadataRequest, code): MetadataResponse => ({
    throttleTimeMs: 0,
    brokers: [],
    clusterId: null,
    controllerId: -1,
    topics: (request.topics ?? []).map(topic => metadataTopicFailure(topic.name, topic.topicId, code)),
    clusterOperations: operationsUnknown(),
  }),
})
