/**
 * DescribeTransactions (key 65), version 0.
 *
 *   request  => [transactional_id]
 *   response => throttle_ms:i32 [error:i16 transactional_id state timeout_ms:i32 start_time_ms:i64 producer_id:i64 producer_epoch:i16
 *               [topic [partition:i32]]]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, int64, string, struct } from './codec.ts'

const request = struct({ transactionalIds: array(string) })
const response = struct({
  throttleTimeMs: int32,
  transactions: array(
    struct({
      errorCode: int16,
      transactionalId: string,
      state: string,
      timeoutMs: int32,
      startTimeMs: int64,
      producerId: int64,
      producerEpoch: int16,
      topics: array(struct({ topic: string, partitions: array(int32) })),
    }),
  ),
})

export type DescribeTransactionsRequest = Infer<typeof request>
export type DescribeTransactionsResponse = Infer<typeof response>

export const describeTransactions = defineApi({
  key: 65,
  name: 'DescribeTransactions',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request,
  response,
  failure: (request: DescribeTransactionsRequest, code): DescribeTransactionsResponse => ({
    throttleTimeMs: 0,
    transactions: request.transactionalIds.map(transactionalId => ({
      errorCode: code,
      transactionalId,
      state: '',
      timeoutMs: -1,
      startTimeMs: -1,
      producerId: -1,
      producerEpoch: -1,
      topics: [],
    })),
  }),
})
