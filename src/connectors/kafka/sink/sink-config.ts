/** What the sink needs to know of its table; made by `options/`. */
import type { Encoder } from '../../../formats/format.ts'
import type { ConnectionConfig } from '../transport/connection-config.ts'
import type { ProduceOptions } from './produce-options.ts'

export type Partitioner = 'default' | 'fixed' | 'round-robin'
export type DeliveryGuarantee = 'none' | 'at-least-once' | 'exactly-once'

export interface SinkConfig {
  readonly tableName: string
  readonly connection: ConnectionConfig
  /** Fixed topics; null with a pattern. */
  readonly topics: readonly string[] | null
  readonly topicPattern: RegExp | null
  readonly guarantee: DeliveryGuarantee
  /** Set for exactly-once. */
  readonly transactionalIdPrefix: string
  readonly transactionTimeoutMs: number
  readonly produce: ProduceOptions
  readonly partitioner: Partitioner
  /** True for upsert-kafka: deletes become null values, −U is skipped. */
  readonly upsert: boolean
  /** upsert-kafka's `sink.buffer-flush.*`; 0 = off. */
  readonly bufferFlushRows: number
  readonly bufferFlushMs: number
}

/** Where each part of a record comes from. Encoders keep scratch state, so every writer makes its own. */
export interface RecordLayout {
  createKeyEncoder(): Encoder | null
  createValueEncoder(): Encoder
  /** Positions of the writable metadata columns, -1 = not given. */
  readonly timestampColumn: number
  readonly topicColumn: number
  readonly headersColumn: number
  readonly headerListColumn: number
}
