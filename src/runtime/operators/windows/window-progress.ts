/** Watermarks in snapshots. JSON has no infinities. */
import { MIN_WATERMARK } from '../../channels/stream-element.ts'

/** JSON form of a watermark in a snapshot; null = none seen. */
export const watermarkToJson = (watermark: number): number | null =>
  watermark === MIN_WATERMARK ? null : Math.min(watermark, Number.MAX_SAFE_INTEGER)

/** The minimum over the subtasks of the snapshot: rescaling must not make rows late that were not. */
export function watermarkFromJson(values: readonly unknown[]): number {
  if (values.length === 0) return MIN_WATERMARK
  return Math.min(...values.map(value => (typeof value === 'number' ? value : MIN_WATERMARK)))
}
