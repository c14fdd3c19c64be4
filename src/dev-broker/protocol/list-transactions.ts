/**
 * ListTransactions (key 66), version 0.
 *
 *   request  => [state] [producer_id:i64]
 *   response => throttle_ms:i32 error:i16 [unknown_state] [transactional_id producer_id:i64 state]
 */
import { defineApi } from './api.ts'
import { array, type Infer, int16, int32, int64, string, struct } from './codec.ts'

const request = struct({ stateFilters: array(string), producerIdFilters: array(int64) })
const response = struct({
  throttleTimeMs: int32,
  errorCode: int16,
  unknownStateFilters: array(string),
  transactions: array(struct({ transactionalId: string, producerId: int64, state: string })),
})

export type ListTransactionsRequest = Infer<typeof request>
export type ListTransactionsResponse = Infer<typeof response>

export const listTransactions = defineApi({
  key: 66,
  name: 'ListTransactions',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request,
  response,
  failure: (_request: ListTransactionsRequest, code): ListTransactionsResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
    unknownStateFilters: [],
    transactions: [],
  }),
})
