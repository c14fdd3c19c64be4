/**
 * InitProducerId (key 22), versions 0–4. From version 4 a fenced caller reads 90 where older ones read 47.
 *
 *   request  => transactional_id? transaction_timeout_ms:i32 producer_id:i64 (3+) producer_epoch:i16 (3+)
 *   response => throttle_ms:i32 error:i16 producer_id:i64 producer_epoch:i16
 */
import { defineApi } from './api.ts'
import { type Infer, int16, int32, int64, nullableString, since, struct } from './codec.ts'

const request = struct({
  transactionalId: nullableString,
  transactionTimeoutMs: int32,
  producerId: since(3, int64, -1),
  producerEpoch: since(3, int16, -1),
})

const response = struct({ throttleTimeMs: int32, errorCode: int16, producerId: int64, producerEpoch: int16 })

export type InitProducerIdRequest = Infer<typeof request>
export type InitProducerIdResponse = Infer<typeof response>

export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 2,
  request,
  response,
  failure: (_request: InitProducerIdRequest, code): InitProducerIdResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
    producerId: -1,
    producerEpoch: -1,
  }),
})
