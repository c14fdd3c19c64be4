/** What the measurements say: rates, ratios, and whether a target is reached. */
import { median, type Spread, spreadOf } from '../statistics.ts'
import type { ContenderName } from './contenders.ts'
import type { Cost } from './measured-process.ts'
import type { Query, Target } from './queries.ts'

/** One contender in one round: the same query over the short and the long topic. */
export interface Pass {
  readonly short: Cost
  readonly long: Cost
}

export interface ContenderResult {
  readonly name: ContenderName
  readonly label: string
  /** Records per CPU second of the whole process, its start included. Median over rounds, as all figures. */
  readonly perCpuSecond: number
  /** The same without the short run's part: what the long run read beyond it, by the CPU time this took. */
  readonly warmPerCpuSecond: number
  readonly perSecond: number
  readonly peakBytes: number
  readonly passes: readonly Pass[]
}

export interface Ratio extends Spread {
  readonly target: Target
  readonly isReached: boolean
}

export interface QueryResult {
  readonly name: string
  readonly title: string
  readonly numRecords: number
  readonly numRecordsShort: number
  /** Rows every contender wrote in the long run, the same byte for byte. */
  readonly numRows: number
  readonly contenders: readonly ContenderResult[]
  readonly ratios: readonly Ratio[]
}

interface Sizes {
  readonly numRecords: number
  readonly numRecordsShort: number
}

const rateOf = ({ long }: Pass, sizes: Sizes): number => sizes.numRecords / long.cpuSeconds

const warmRateOf = ({ short, long }: Pass, sizes: Sizes): number =>
  (sizes.numRecords - sizes.numRecordsShort) / (long.cpuSeconds - short.cpuSeconds)

export function summarize(
  name: ContenderName,
  label: string,
  passes: readonly Pass[],
  sizes: Sizes,
): ContenderResult {
  return {
    name,
    label,
    perCpuSecond: median(passes.map(pass => rateOf(pass, sizes))),
    warmPerCpuSecond: median(passes.map(pass => warmRateOf(pass, sizes))),
    perSecond: median(passes.map(({ long }) => sizes.numRecords / long.wallSeconds)),
    peakBytes: median(passes.map(({ long }) => long.peakBytes)),
    passes,
  }
}

function figureOf(target: Target, ours: Pass, theirs: Pass, sizes: Sizes): number {
  switch (target.figure) {
    case 'whole process':
      return rateOf(ours, sizes) / rateOf(theirs, sizes)
    case 'warmed up':
      return warmRateOf(ours, sizes) / warmRateOf(theirs, sizes)
    case 'memory':
      return ours.long.peakBytes / theirs.long.peakBytes
    default:
      return target.figure satisfies never
  }
}

/** Those of the query's targets whose two contenders took part. */
export function ratiosOf(query: Query, results: readonly ContenderResult[], sizes: Sizes): Ratio[] {
  const ours = results.find(({ name }) => name === 'millrace')
  return query.targets.flatMap(target => {
    const theirs = results.find(({ name }) => name === target.against)
    if (ours === undefined || theirs === undefined) return []
    const values = ours.passes.map((pass, round) => figureOf(target, pass, theirs.passes[round]!, sizes))
    const ratio = spreadOf(values)
    const isReached = target.figure === 'memory' ? ratio.median <= target.limit : ratio.median >= target.limit
    return [{ target, ...ratio, isReached }]
  })
}

const thousands = (value: number): string => Math.round(value / 1000).toLocaleString('en-US')

function ratioLine({ target, median: middle, min, max, isReached }: Ratio): string {
  const isMemory = target.figure === 'memory'
  const show = (value: number) => (isMemory ? `1/${(1 / value).toFixed(1)}` : value.toFixed(1))
  const spread = min === max ? '' : ` (${show(min)} to ${show(max)})`
  const goal = isMemory ? `at most ${show(target.limit)}` : `at least ${target.limit}`
  const what = isMemory ? 'peak memory' : `records per CPU second, ${target.figure}`
  return `  ${what} against ${target.against}: ${isMemory ? '' : '× '}${show(middle)}${spread}; ${goal}: ${isReached ? 'reached' : 'MISSED'}`
}

export function printResult(result: QueryResult): void {
  const { contenders, numRecords, numRecordsShort, numRows } = result
  console.log(`\n${result.name}: ${result.title}`)
  console.log(
    `  ${thousands(numRecords)} k records (short run ${thousands(numRecordsShort)} k), ${numRows} rows out, the same from all`,
  )
  const columns = ['k/CPU s', 'warmed up', 'k/s', 'peak MB', 'CPU s', 'short CPU s']
  console.log(`  ${''.padEnd(10)}${columns.map(column => column.padStart(12)).join('')}`)
  for (const contender of contenders) {
    const { short, long } = contender.passes.at(-1)!
    const figures = [
      thousands(contender.perCpuSecond),
      thousands(contender.warmPerCpuSecond),
      thousands(contender.perSecond),
      (contender.peakBytes / 1e6).toFixed(0),
      long.cpuSeconds.toFixed(2),
      short.cpuSeconds.toFixed(2),
    ]
    console.log(`  ${contender.name.padEnd(10)}${figures.map(figure => figure.padStart(12)).join('')}`)
  }
  for (const ratio of result.ratios) console.log(ratioLine(ratio))
}
