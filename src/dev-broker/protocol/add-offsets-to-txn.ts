/**
 * AddOffsetsToTxn (key 25), versions 0–3.
 *
 *   request  => transactional_id producer_id:i64 producer_epoch:i16 group
 *   response => throttle_ms:i32 error:i16
 */
import { defineApi } from './api.ts'
import { type Infer, int16, int32, int64, string, struct } from './codec.ts'

const request = struct({ transactionalId: string, producerId: int64, producerEpoch: int16, groupId: string })
const response = struct({ throttleTimeMs: int32, errorCode: int16 })

export type AddOffsetsToTxnRequest = Infer<typeof request>
export type AddOffsetsToTxnResponse = Infer<typeof response>

export const addOffsetsToTxn = defineApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  minVersion: 0,
  maxVersion: 3,
  flexibleSince: 3,
  request,
  response,
  failure: (_request: AddOffsetsToTxnRequest, code): AddOffsetsToTxnResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
  }),
})
