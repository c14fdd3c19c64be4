/** Writes window_start, window_end and window_time into output columns. */

import { internalError } from '../../../errors/index.ts'
import type { WindowProperty } from '../../../planner/plan-graph/plan-graph.ts'
import type { Column, LogicalType } from '../../../types/index.ts'
import type { WindowClock } from './window-clock.ts'

/**
 * The value of a property, epoch ms in the sense of its type: wall-clock ms for TIMESTAMP, an instant for
 * TIMESTAMP_LTZ. The time of a window is its last millisecond.
 */
export function propertyMillis(
  property: WindowProperty,
  start: number,
  end: number,
  type: LogicalType,
  clock: WindowClock,
): number {
  const local = property === 'start' ? start : property === 'end' ? end : end - 1
  return type.kind === 'TIMESTAMP_LTZ' ? clock.toInstant(local) : local
}

/** Writes ms to rows [from, to) of a timestamp column of any precision. */
export function fillMillis(column: Column, from: number, to: number, ms: number): void {
  switch (column.storage) {
    case 'f64':
      column.values.fill(ms, from, to)
      return
    case 'i64':
      column.values.fill(BigInt(ms) * 1000n, from, to)
      return
    case 'msnanos':
      column.values.fill(ms, from, to)
      column.nanos.fill(0, from, to)
      return
    default:
      throw internalError(`a window property cannot be a ${column.storage} column`)
  }
}
