/** Options of any table that is read, whatever its connector: the planner's, never seen by connectors. */
import type { OptionSpec } from './option-spec.ts'
import { type OptionValues, parseOptions } from './options.ts'

export const watermarkOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'scan.watermark.emit.strategy',
    type: 'enum',
    values: ['on-periodic', 'on-event'],
    default: 'on-periodic',
    doc: 'Watermarks by period (`pipeline.auto-watermark-interval`) or after every batch.',
  },
  {
    key: 'scan.watermark.idle-timeout',
    type: 'duration',
    doc: 'A silent, fully read split of this table stops holding the watermark; wins over `table.exec.source.idle-timeout`.',
  },
]

const prefix = 'scan.watermark.'

export interface SplitOptions {
  readonly watermark: OptionValues
  /** What is left for the connector. */
  readonly connector: Readonly<Record<string, string>>
}

/** Takes the planner's options out. Throws config errors like `parseOptions`. */
export function splitTableOptions(options: Readonly<Record<string, string>>): SplitOptions {
  const entries = Object.entries(options)
  const own = Object.fromEntries(entries.filter(([key]) => key.startsWith(prefix)))
  const connector = Object.fromEntries(entries.filter(([key]) => !key.startsWith(prefix)))
  return { watermark: parseOptions(own, watermarkOptionSpecs, 'table'), connector }
}
