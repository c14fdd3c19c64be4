/** Deterministic input for the examples: several partitions, out of order within the watermark's delay, NULLs, odd JSON. */

import { Random } from '../../support/random.ts'
import { type Fields, oddJson } from './odd-json.ts'

export interface SourceRecord {
  readonly partition: number
  /** null = a record without a value, which the json format skips. */
  readonly value: string | null
}

export const NUM_PARTITIONS = 3
/** The examples' watermarks are 5 s behind. */
const DELAY_MS = 5_000

export const timeText = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')

export interface TrafficOptions {
  readonly seed: number
  readonly numRecords: number
  readonly fromMs: number
  readonly toMs: number
  readonly timeField: string
  fields(random: Random): Fields
}

/** Event time grows over the stretch; every record lies up to just under the delay behind its place. */
export function traffic(options: TrafficOptions): SourceRecord[] {
  const random = new Random(options.seed)
  const step = (options.toMs - options.fromMs) / options.numRecords
  return Array.from({ length: options.numRecords }, (_, i): SourceRecord => {
    const partition = random.below(NUM_PARTITIONS)
    if (random.chance(0.002)) return { partition, value: null }
    const place = Math.floor(options.fromMs + i * step)
    const time = Math.max(options.fromMs, place - random.below(DELAY_MS))
    return record(partition, time, options, random)
  })
}

function record(
  partition: number,
  timeMs: number,
  { timeField, fields }: Pick<TrafficOptions, 'timeField' | 'fields'>,
  random: Random,
): SourceRecord {
  return { partition, value: oddJson({ [timeField]: timeText(timeMs), ...fields(random) }, random) }
}

/** Records at given times, spread over the partitions. */
export const recordsAt = (
  times: readonly number[],
  options: Pick<TrafficOptions, 'seed' | 'timeField' | 'fields'>,
): SourceRecord[] => {
  const random = new Random(options.seed)
  return times.map(time => record(random.below(NUM_PARTITIONS), time, options, random))
}

/** One record per partition at `atMs`: once all are read, the watermark is `atMs` less the delay. */
export const closing = (timeField: string, atMs: number): SourceRecord[] =>
  Array.from({ length: NUM_PARTITIONS }, (_, partition) => ({
    partition,
    value: JSON.stringify({ [timeField]: timeText(atMs) }),
  }))

export const watermarkAfter = (closingMs: number): number => closingMs - DELAY_MS
