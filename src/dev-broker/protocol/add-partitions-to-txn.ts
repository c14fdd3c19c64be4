/**
 * AddPartitionsToTxn (key 24), versions 0–3.
 *
 *   request  => transactional_id producer_id:i64 producer_epoch:i16 [topic [partition:i32]]
 *   response => throttle_ms:i32 [topic [partition:i32 error:i16]]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, int64, string, struct } from './codec.ts'

const request = struct({
  transactionalId: string,
  producerId: int64,
  producerEpoch: int16,
  topics: array(struct({ name: string, partitions: array(int32) })),
})

const response = struct({
  throttleTimeMs: int32,
  topics: array(struct({ name: string, partitions: array(struct({ partition: int32, errorCode: int16 })) })),
})

export type AddPartitionsToTxnRequest = Infer<typeof request>
export type AddPartitionsToTxnResponse = Infer<typeof response>

export const addPartitionsToTxn = defineApi({
  key: 24,
  name: 'AddPartitionsToTxn',
  minVersion: 0,
  maxVersion: 3,
  flexibleSince: 3,
  request,
  response,
  failure: (request: AddPartitionsToTxnRequest, code): AddPartitionsToTxnResponse => ({
    throttleTimeMs: 0,
    topics: request.topics.map(topic => ({
      name: topic.name,
      partitions: topic.partitions.map(partition => ({ partition, errorCode: code })),
    })),
  }),
})
