/**
 * DescribeCluster (key 60), version 0.
 *
 *   request  => include_operations:bool
 *   response => throttle_ms:i32 error:i16 message? cluster_id controller:i32 [node:i32 host port:i32 rack?] operations:i32
 */
import { defineApi } from './api.ts'
import { array, boolean, type Infer, int16, int32, nullableString, string, struct } from './codec.ts'

const request = struct({ includeOperations: boolean })
const response = struct({
  throttleTimeMs: int32,
  errorCode: int16,
  errorMessage: nullableString,
  clusterId: string,
  controllerId: int32,
  brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: nullableString })),
  operations: int32,
})

export type DescribeClusterRequest = Infer<typeof request>
export type DescribeClusterResponse = Infer<typeof response>

export const describeCluster = defineApi({
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request,
  response,
  failure: (_request: DescribeClusterRequest, code): DescribeClusterResponse => ({
    throttleTimeMs: 0,
    errorCode: code,
    errorMessage: null,
    clusterId: '',
    controllerId: -1,
    brokers: [],
    operations: -2147483648,
  }),
})
