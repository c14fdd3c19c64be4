/**
 * Slice arithmetic. A slice is the part of the time line that rows are aggregated in once; a window is a run of
 * slices: TUMBLE is one slice, HOP shares slices of gcd(slide, size), CUMULATE has slices of one step. All times
 * are wall-clock ms (window-clock.ts); a slice or window is named by its end, which is exclusive.
 */
import type { WindowSpec } from '../../../planner/plan-graph/plan-graph.ts'

export interface Slices {
  readonly sliceMs: number
  /** Whether every window is exactly one slice. */
  readonly single: boolean
  /** Whether a window contains all windows of the same start that end before it. */
  readonly cumulative: boolean
  sliceEnd(localMs: number): number
  /** The windows a slice belongs to end at first, first + step … last. */
  firstWindowEnd(sliceEnd: number): number
  lastWindowEnd(sliceEnd: number): number
  readonly windowStepMs: number
  windowStart(windowEnd: number): number
}

/** Start of the interval of `size` ms, shifted by `offset`, that holds `time`; exact for integers below 2^53. */
export const alignedStart = (time: number, offset: number, size: number): number =>
  Math.floor((time - offset) / size) * size + offset

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b)

/** Between hopping windows: such a slice belongs to none. */
export const isGap = (slices: Slices, sliceEnd: number): boolean =>
  slices.firstWindowEnd(sliceEnd) > slices.lastWindowEnd(sliceEnd)

export function slicesOf(spec: WindowSpec): Slices {
  const offset = spec.offsetMs
  switch (spec.kind) {
    case 'tumble':
      return {
        sliceMs: spec.sizeMs,
        single: true,
        cumulative: false,
        sliceEnd: time => alignedStart(time, offset, spec.sizeMs) + spec.sizeMs,
        firstWindowEnd: end => end,
        lastWindowEnd: end => end,
        windowStepMs: spec.sizeMs,
        windowStart: end => end - spec.sizeMs,
      }
    case 'hop': {
      const sliceMs = greatestCommonDivisor(spec.sizeMs, spec.slideMs)
      const lastWindowEnd = (end: number) => alignedStart(end - sliceMs, offset, spec.slideMs) + spec.sizeMs
      return {
        sliceMs,
        single: false,
        cumulative: false,
        sliceEnd: time => alignedStart(time, offset, sliceMs) + sliceMs,
        // The earliest window start above end - size - slide that is aligned; its window must reach the slice.
        firstWindowEnd: end => {
          const last = lastWindowEnd(end)
          return last - Math.floor((last - end) / spec.slideMs) * spec.slideMs
        },
        lastWindowEnd,
        windowStepMs: spec.slideMs,
        windowStart: end => end - spec.sizeMs,
      }
    }
    case 'cumulate':
      return {
        sliceMs: spec.stepMs,
        single: false,
        cumulative: true,
        sliceEnd: time => alignedStart(time, offset, spec.stepMs) + spec.stepMs,
        firstWindowEnd: end => end,
        lastWindowEnd: end => alignedStart(end - 1, offset, spec.sizeMs) + spec.sizeMs,
        windowStepMs: spec.stepMs,
        windowStart: end => alignedStart(end - 1, offset, spec.sizeMs),
      }
  }
}
