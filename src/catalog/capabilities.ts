/**
 * What the planner may know of a connector: flags in the catalog, so that planner never imports connectors
 * (design.md §1). Resolved per table, because formats and options decide too.
 */
import type { LogicalType } from '../types/index.ts'

/** Which change kinds a stream carries. `upsert` = inserts/updates-after by key and deletes, no −U. */
export type ChangelogMode = 'insert' | 'upsert' | 'retract'

export interface MetadataKey {
  readonly key: string
  readonly type: LogicalType
  readonly writable: boolean
}

export interface SourceCapabilities {
  readonly bounded: boolean
  readonly changelogMode: ChangelogMode
  readonly metadata: readonly MetadataKey[]
}

export interface SinkCapabilities {
  /** The widest mode the sink takes. */
  readonly changelogMode: ChangelogMode
  readonly metadata: readonly MetadataKey[]
  readonly deliveryGuarantee: 'none' | 'at-least-once' | 'exactly-once'
}

export interface TableCapabilities {
  /** Absent when the connector cannot be read (print, blackhole). */
  readonly source?: SourceCapabilities
  /** Absent when it cannot be written (datagen). */
  readonly sink?: SinkCapabilities
}
