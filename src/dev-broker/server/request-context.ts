import type { Cluster } from '../cluster/cluster.ts'
import type { SaslSession } from './sasl.ts'

/** What a handler knows beside the request itself. */
export interface RequestContext {
  readonly cluster: Cluster
  /** The broker that was asked. */
  readonly nodeId: number
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string
  readonly clientHost: string
  readonly sasl: SaslSession
  /** The code an injected fault gives to a partition; 0 = none. */
  readonly partitionFailure?: (topic: string, partition: number) => number
  /** Aborted when the connection closes: a waiting fetch gives up. */
  readonly signal: AbortSignal
}
