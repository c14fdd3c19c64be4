/** The watermark that stands for the end of all input. */
export const MAX_WATERMARK = Number.MAX_SAFE_INTEGER
export const MIN_WATERMARK = Number.NEGATIVE_INFINITY

/** JSON form of a watermark in a snapshot; null = none seen. */
export const watermarkToJson = (watermark: number): number | null =>
  watermark === MIN_WATERMARK ? null : Math.min(watermark, MAX_WATERMARK)

/** The minimum over the subtasks of the snapshot: rescaling must not make rows late that were not. */
export function watermarkFromJson(values: readonly unknown[]): number {
  if (values.length === 0) return MIN_WATERMARK
  return Math.min(...values.map(value => (typeof value === 'number' ? value : MIN_WATERMARK)))
}
