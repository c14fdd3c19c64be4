/**
 * Engine alone on two cores: the IP count with parallelism 2 in two worker threads, against one thread on one core.
 * Each contender runs in processes of its own, in turn; the one is pinned to a core where `taskset` is there.
 */
import { spawnSync } from 'node:child_process'
import { type Figure, type FigureBenchmark, scaled } from '../harness.ts'
import { inChild } from '../in-child.ts'
import { median, spreadOf } from '../statistics.ts'
import type { Passes } from './passes.ts'

/** A pass of a second, without its first and last tenth: a job starts once, and ends when its slower thread does. */
const NUM_RECORDS = 9_600_000
/** A job runs for days: the code of a batch, of which there are few a second, is compiled as well when it is measured. */
const WARM_UPS = 16
const ROUNDS = 5
const PASSES = 3

const canPin = spawnSync('taskset', ['-V']).status === 0

const passesOf = (
  parallelism: number,
  threads: number,
  numRecords: number,
  warmUps: number,
  passes: number,
): Passes =>
  inChild<Passes>(
    new URL('./passes.ts', import.meta.url).href,
    'measurePasses',
    [parallelism, threads, numRecords, warmUps, passes],
    threads === 0 && canPin ? ['taskset', '-c', '0'] : [],
  )

function figure(name: string, values: readonly number[], unit: string): Figure {
  const { median: value, min, max } = spreadOf(values)
  return { name, value, unit, spread: { min, max } }
}

export const threads: FigureBenchmark = {
  kind: 'figures',
  name: 'threads',
  title: 'the IP count alone with parallelism 2 in two threads, against one thread on one core',
  figures(scale) {
    const numRecords = scaled(NUM_RECORDS, scale)
    const rounds = scale < 1 ? 1 : ROUNDS
    const passes = scale < 1 ? 1 : PASSES
    const warmUps = scale < 1 ? 1 : WARM_UPS
    const ratios: number[] = []
    const one: number[] = []
    const two: number[] = []
    for (let round = 0; round < rounds; round++) {
      const single = passesOf(1, 0, numRecords, warmUps, passes)
      const double = passesOf(2, 2, numRecords, warmUps, passes)
      if (single.numRows !== double.numRows)
        throw new Error(`one thread wrote ${single.numRows} rows, two wrote ${double.numRows}`)
      one.push(median(single.rates) / 1e6)
      two.push(median(double.rates) / 1e6)
      ratios.push(two.at(-1)! / one.at(-1)!)
    }
    return Promise.resolve([
      figure('one thread on one core', one, 'M records/s'),
      figure('two threads on two cores', two, 'M records/s'),
      figure('ratio', ratios, '×'),
    ])
  },
}
