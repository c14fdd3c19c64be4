/**
 * EndTxn (key 26), versions 0–3. From version 2 a fenced caller reads 90 where older ones read 47.
 *
 *   request  => transactional_id producer_id:i64 producer_epoch:i16 committed:bool
 *   response => throttle_ms:i32 error:i16
 */
import { defineApi } from './api.ts'
import { boolean, type Infer, int16, int32, int64, string, struct } from './codec.ts'

const request = struct({
  transactionalId: string,
  producerId: int64,
  producerEpoch: int16,
  committed: boolean,
})
const response = struct({ throttleTimeMs: int32, errorCode: int16 })

export type EndTxnRequest = Infer<typeof request>
export type EndTxnResponse = Infer<typeof response>

export const endTxn = defineApi({
  key: 26,
  name: 'EndTxn',
  minVersion: 0,
  maxVersion: 3,
  flexibleSince: 3,
  request,
  response,
  failure: (_request: EndTxnRequest, code): EndTxnResponse => ({ throttleTimeMs: 0, errorCode: code }),
})
