/** What the source needs to know of its table; made by `options/`. */
import type { ConnectionConfig } from '../transport/connection-config.ts'

/** Where partitions start or stop. `specific`: `offsets` by partition of the one topic. */
export type OffsetsMode =
  | { readonly mode: 'earliest-offset' }
  | { readonly mode: 'latest-offset' }
  | { readonly mode: 'group-offsets' }
  | { readonly mode: 'timestamp'; readonly timestampMs: number }
  | { readonly mode: 'specific-offsets'; readonly offsets: ReadonlyMap<number, number> }

export type BoundedMode = Exclude<OffsetsMode, { mode: 'earliest-offset' }>

export interface SourceConfig {
  readonly tableName: string
  readonly connection: ConnectionConfig
  /** Fixed topics; null with a pattern. */
  readonly topics: readonly string[] | null
  readonly topicPattern: RegExp | null
  readonly startup: OffsetsMode
  /** null = unbounded. */
  readonly bounded: BoundedMode | null
  /** null when the user named none: then no offsets are published and none are read. */
  readonly groupId: string | null
  /** What to do where the group has no offset. */
  readonly autoOffsetReset: 'earliest' | 'latest' | 'none'
  readonly publishOffsets: boolean
  readonly readCommitted: boolean
  /** 0 = new partitions are looked for only at start. */
  readonly discoveryMs: number
  readonly fetch: FetchSettings
  /** upsert-kafka: null values are deletes. */
  readonly upsert: boolean
}

export interface FetchSettings {
  readonly maxWaitMs: number
  /** The same while nothing comes. */
  readonly idleWaitMs: number
  /** How long nothing must have come before partitions are left to the watch that all jobs share. */
  readonly silentMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly maxPartitionBytes: number
  /** `check.crcs`. */
  readonly checkCrc: boolean
}
