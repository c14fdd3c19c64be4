/**
 * Engine alone on two cores: the IP count with parallelism 2 in two worker threads, against one thread on one core.
 * Each contender runs in processes of its own, in turn; the one is pinned to a core where `taskset` is there.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Figure, type FigureBenchmark, scaled } from '../harness.ts'
import { median } from '../statistics.ts'

const NUM_RECORDS = 1_200_000
const ROUNDS = 3
const PASSES = 5

interface ChildResult {
  readonly rates: readonly number[]
  readonly numRows: number
}

const canPin = spawnSync('taskset', ['-V']).status === 0

function run(parallelism: number, threads: number, numRecords: number, passes: number): ChildResult {
  const child = fileURLToPath(new URL('./child.ts', import.meta.url))
  const args = [child, ...[parallelism, threads, numRecords, passes].map(String)]
  const pinned = threads === 0 && canPin ? ['taskset', '-c', '0'] : []
  const [file, ...rest] = [...pinned, process.execPath, ...args]
  return JSON.parse(execFileSync(file!, rest, { encoding: 'utf8' })) as ChildResult
}

export const threads: FigureBenchmark = {
  kind: 'figures',
  name: 'threads',
  title: 'the IP count alone with parallelism 2 in two threads, against one thread on one core',
  figures(scale) {
    const numRecords = scaled(NUM_RECORDS, scale)
    const rounds = scale < 1 ? 1 : ROUNDS
    const passes = scale < 1 ? 1 : PASSES
    const ratios: number[] = []
    const one: number[] = []
    const two: number[] = []
    for (let round = 0; round < rounds; round++) {
      const single = run(1, 0, numRecords, passes)
      const double = run(2, 2, numRecords, passes)
      if (single.numRows !== double.numRows)
        throw new Error(`one thread wrote ${single.numRows} rows, two wrote ${double.numRows}`)
      one.push(median(single.rates))
      two.push(median(double.rates))
      ratios.push(two.at(-1)! / one.at(-1)!)
    }
    const figures: Figure[] = [
      { name: 'one thread on one core', value: median(one) / 1e6, unit: 'M records/s' },
      { name: 'two threads on two cores', value: median(two) / 1e6, unit: 'M records/s' },
      { name: 'ratio', value: median(ratios), unit: '×' },
    ]
    return Promise.resolve(figures)
  },
}
