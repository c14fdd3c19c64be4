/** The closed union of what travels between subtasks. Nothing else does. */
import type { BatchBuilder } from '../../types/index.ts'

export type StreamElement =
  /** Rows, owned by the channel's pool; the reader gives them back with `release`. */
  | { readonly kind: 'batch'; readonly batch: BatchBuilder }
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  | { readonly kind: 'barrier'; readonly checkpointId: number }
  | { readonly kind: 'idle' }
  | { readonly kind: 'active' }
  | { readonly kind: 'end' }

/** Comes before every real watermark. */
export const MIN_WATERMARK = -Infinity
/** Closes every window: emitted at the end of bounded input. */
export const MAX_WATERMARK = Infinity
