import type { PlannedJob } from './planned-job.ts'

/** What one statement leads to. Jobs and queries are planned but not started. */
export type StatementResult =
  | { readonly kind: 'done' }
  /** SHOW, DESCRIBE, EXPLAIN, SET: rows that are there at once. */
  | {
      readonly kind: 'table'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly (string | null)[])[]
    }
  | { readonly kind: 'job'; readonly job: PlannedJob }
  | { readonly kind: 'query'; readonly job: PlannedJob }
