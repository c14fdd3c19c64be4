import type { LogicalType } from '../../types/index.ts'
import type { OutputField } from '../plan-graph/plan-graph.ts'

/** An output field; the key `timeAttribute` is absent, never undefined, on plain columns. */
export function field(
  name: string,
  type: LogicalType,
  timeAttribute?: OutputField['timeAttribute'],
): OutputField {
  return timeAttribute === undefined ? { name, type } : { name, type, timeAttribute }
}

/** The same field as an ordinary column: time attributes end where a row's time may have changed. */
export const materialized = (f: OutputField): OutputField =>
  f.timeAttribute === undefined ? f : { name: f.name, type: f.type }
