/**
 * What a benchmark is, and how one is run. There are two kinds:
 *
 * - Contenders do the same work in turn, several rounds, in one process or in one each; medians and ratios to the first
 *   contender of the same round are reported. Ratios of one run are what counts: machines are noisy, absolute figures of different
 *   runs are not comparable.
 * - Figures are what cannot be told as a rate of contenders: latencies, pauses, cost at growing sizes.
 *
 * Every benchmark takes a scale: 1 is the real thing, a test that it still runs takes a thousandth.
 */
import { minorGc } from './gc.ts'
import { passesOf } from './own-process.ts'
import { peakMemory } from './peak-memory.ts'
import { median, type Spread, spreadOf } from './statistics.ts'

export interface Contender {
  readonly name: string
  /** One measured pass; returns how many records it processed. */
  run(): Promise<number> | number
  /** What the last pass came to, such as rows written: the same for all contenders, or the benchmark fails. */
  outcome?(): number
}

export interface Setup {
  readonly contenders: readonly Contender[]
  readonly bytesPerPass?: number
  /** A second part, after something that may spoil it. Its ratios are to its own first contender. */
  readonly then?: { prepare(): Promise<void>; readonly contenders: readonly Contender[] }
}

export interface ContenderBenchmark {
  readonly kind: 'contenders'
  readonly name: string
  /** One sentence: what is measured on what data. */
  readonly title: string
  readonly rounds?: number
  /** Passes of each contender before the first round, so that V8 has compiled what is measured; 1 unless given. */
  readonly warmUps?: number
  /**
   * Each round runs each contender in a process of its own: none meets the garbage and the compiled code of another.
   * Without it, all run in this one.
   */
  readonly ownProcesses?: boolean
  /** Also measures how much memory each contender of the first part needs, each in a process of its own. */
  readonly memory?: boolean
  contenders(scale: number): Promise<Setup>
  /** What is to be said beyond the table. */
  print?(measurements: readonly Measurement[]): void
}

export interface FigureBenchmark {
  readonly kind: 'figures'
  readonly name: string
  readonly title: string
  figures(scale: number): Promise<readonly Figure[]>
  print?(figures: readonly Figure[]): void
}

export type Benchmark = ContenderBenchmark | FigureBenchmark

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Where `value` is the median of several rounds. */
  readonly spread?: Pick<Spread, 'min' | 'max'>
  /** The size at which it was measured, where something grows; figures of one name are then a curve. */
  readonly at?: number
  /** Whether it is the cost of one of the things that grow, so that all of them cost `at` times as much. */
  readonly perSize?: boolean
}

export interface Measurement {
  readonly contender: string
  /** Records per CPU second of this process, median over rounds. */
  readonly recordsPerCpuSecond: number
  readonly recordsPerSecond: number
  readonly cpuSecondsPerMillion: number
  readonly bytesPerCpuSecond: number | null
  /** What the process grew by, at most, over what it held before the first pass; null where it was not measured. */
  readonly peakMemoryBytes: number | null
  /** Ratio of records per CPU second to the first contender, per round: median, lowest, highest. */
  readonly ratio: Spread
}

export type Result =
  | { readonly kind: 'contenders'; readonly title: string; readonly measurements: readonly Measurement[] }
  | { readonly kind: 'figures'; readonly title: string; readonly figures: readonly Figure[] }

export interface Pass {
  readonly perCpuSecond: number
  readonly perSecond: number
}

/** At least one. */
export const scaled = (count: number, scale: number): number => Math.max(1, Math.round(count * scale))

/** What one contender leaves behind is collected before the next is measured, as far as that leaves its code alone. */
export async function measure(contender: Contender): Promise<Pass> {
  minorGc()
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  const records = await contender.run()
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const used = process.cpuUsage(cpu)
  return { perCpuSecond: records / ((used.user + used.system) / 1e6), perSecond: records / seconds }
}

export async function runBenchmark(benchmark: Benchmark, scale = 1): Promise<Result> {
  const { title } = benchmark
  if (benchmark.kind === 'figures') return { kind: 'figures', title, figures: await benchmark.figures(scale) }
  const setup = await benchmark.contenders(scale)
  const { contenders, bytesPerPass, then } = setup
  const rounds = scale < 1 ? 1 : (benchmark.rounds ?? 5)
  const warmUps = scale < 1 ? 1 : (benchmark.warmUps ?? 1)
  const isApart = benchmark.ownProcesses === true && scale === 1
  const first = isApart
    ? runApart(benchmark.name, setup, { warmUps, rounds })
    : await runPart(contenders, warmUps, rounds, bytesPerPass)
  const measured = benchmark.memory === true ? withMemory(benchmark.name, first, scale) : first
  if (then === undefined) return { kind: 'contenders', title, measurements: measured }
  await then.prepare()
  const second = await runPart(then.contenders, warmUps, rounds, bytesPerPass)
  return { kind: 'contenders', title, measurements: [...measured, ...second] }
}

const withMemory = (name: string, measurements: readonly Measurement[], scale: number): Measurement[] =>
  measurements.map(m => ({ ...m, peakMemoryBytes: peakMemory(name, m.contender, scale) }))

async function runPart(
  contenders: readonly Contender[],
  warmUps: number,
  rounds: number,
  bytesPerPass: number | undefined,
): Promise<readonly Measurement[]> {
  const records = new Map<string, number>()
  for (let i = 0; i < warmUps; i++)
    for (const contender of contenders) records.set(contender.name, await contender.run())
  const passes = new Map<string, Pass[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) passes.get(contender.name)!.push(await measure(contender))
  }
  checkOutcomes(contenders.map(({ name, outcome }) => [name, outcome?.() ?? null]))
  return measurementsOf({ contenders, bytesPerPass }, passes, records)
}

interface Rounds {
  readonly warmUps: number
  readonly rounds: number
}

function runApart(name: string, setup: Setup, { warmUps, rounds }: Rounds): readonly Measurement[] {
  const records = new Map<string, number>()
  const outcomes = new Map<string, number | null>()
  const passes = new Map<string, Pass[]>(setup.contenders.map(contender => [contender.name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of setup.contenders) {
      const part = passesOf(name, contender.name, warmUps)
      passes.get(contender.name)!.push(part.pass)
      records.set(contender.name, part.numRecords)
      outcomes.set(contender.name, part.outcome)
    }
  }
  checkOutcomes([...outcomes])
  return measurementsOf(setup, passes, records)
}

function checkOutcomes(outcomes: readonly (readonly [string, number | null])[]): void {
  const said = outcomes.filter(([, outcome]) => outcome !== null)
  for (const [name, outcome] of said)
    if (outcome !== said[0]![1])
      throw new Error(`'${name}' came to ${outcome}, '${said[0]![0]}' to ${said[0]![1]}`)
}

function measurementsOf(
  { contenders, bytesPerPass }: Pick<Setup, 'contenders'> & { readonly bytesPerPass?: number | undefined },
  passes: ReadonlyMap<string, readonly Pass[]>,
  records: ReadonlyMap<string, number>,
): readonly Measurement[] {
  const base = passes.get(contenders[0]!.name)!
  return contenders.map(({ name }): Measurement => {
    const own = passes.get(name)!
    const perCpuSecond = median(own.map(pass => pass.perCpuSecond))
    const ratios = own.map((pass, round) => pass.perCpuSecond / base[round]!.perCpuSecond)
    return {
      contender: name,
      recordsPerCpuSecond: perCpuSecond,
      recordsPerSecond: median(own.map(pass => pass.perSecond)),
      cpuSecondsPerMillion: 1e6 / perCpuSecond,
      bytesPerCpuSecond:
        bytesPerPass === undefined ? null : (perCpuSecond * bytesPerPass) / records.get(name)!,
      peakMemoryBytes: null,
      ratio: spreadOf(ratios),
    }
  })
}
