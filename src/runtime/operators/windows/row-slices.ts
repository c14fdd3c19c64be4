/** Where the slices of rows come from: a time attribute, window bounds the rows carry, or a local phase. */
import type { WindowAssignment, WindowTime } from '../../../planner/plan-graph/plan-graph.ts'
import type { PartialRows } from '../../aggregates/partial-rows.ts'
import { SliceRouter } from './slice-router.ts'
import { type Slices, slicesOf } from './slices.ts'
import { utcClock, type WindowClock } from './window-clock.ts'

export interface RowSlices {
  readonly router: SliceRouter
  readonly slices: Slices
}

export function rowSlices(
  time: WindowAssignment,
  clock: WindowClock,
  partial: PartialRows | null,
): RowSlices {
  if (time.kind === 'attached') return attachedSlices(time)
  if (partial === null) return timedSlices(time, clock)
  // The times of groups are on the wall clock already.
  return timedSlices({ ...time, timeColumn: partial.timeColumn }, utcClock)
}

export function timedSlices(time: WindowTime, clock: WindowClock): RowSlices {
  const slices = slicesOf(time.window)
  return { slices, router: new SliceRouter(slices, clock, time.timeColumn) }
}

interface Attached {
  readonly startColumn: number
  readonly endColumn: number
}

/** Each (start, end) is one slice; rows of one end have one start, because one window function made them. */
export function attachedSlices(time: Attached): RowSlices {
  const slices: Slices = {
    sliceMs: 0,
    single: true,
    cumulative: false,
    sliceEnd: end => end,
    firstWindowEnd: end => end,
    lastWindowEnd: end => end,
    windowStepMs: 1,
    // Not asked for: the start is kept with each slice.
    windowStart: end => end,
  }
  return { slices, router: SliceRouter.attached(slices, time.startColumn, time.endColumn) }
}
