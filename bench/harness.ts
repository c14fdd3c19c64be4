/**
 * Runs contenders of one benchmark in turn, several rounds, and prints medians and ratios to the first contender.
 * Ratios of one run are what counts: these machines are noisy, absolute figures are not comparable between runs.
 */

export interface Contender {
  readonly name: string
  /** One measured pass; returns how many records it processed. */
  run(): Promise<number> | number
}

export interface Setup {
  readonly contenders: readonly Contender[]
  readonly bytesPerPass?: number
  /** A second part, after something that may spoil it. Its ratios are to its own first contender. */
  readonly then?: { prepare(): Promise<void>; readonly contenders: readonly Contender[] }
}

export interface Benchmark {
  readonly name: string
  /** One sentence: what is measured on what data. */
  readonly title: string
  readonly rounds?: number
  contenders(): Promise<Setup>
  /** What is to be said beyond the table. */
  print?(measurements: readonly Measurement[]): void
}

export interface Measurement {
  readonly contender: string
  /** Records per CPU second of this process, median over rounds. */
  readonly recordsPerCpuSecond: number
  readonly recordsPerSecond: number
  readonly cpuSecondsPerMillion: number
  readonly bytesPerCpuSecond: number | null
  readonly peakRssBytes: number
  /** Ratio of records per CPU second to the first contender, per round: median, lowest, highest. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number }
}

interface Pass {
  readonly perCpuSecond: number
  readonly perSecond: number
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

async function measure(contender: Contender): Promise<Pass> {
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  const records = await contender.run()
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const used = process.cpuUsage(cpu)
  return { perCpuSecond: records / ((used.user + used.system) / 1e6), perSecond: records / seconds }
}

export async function runBenchmark(benchmark: Benchmark): Promise<readonly Measurement[]> {
  const { contenders, bytesPerPass, then } = await benchmark.contenders()
  const rounds = benchmark.rounds ?? 5
  const first = await runPart(contenders, rounds, bytesPerPass)
  if (then === undefined) return first
  await then.prepare()
  return [...first, ...(await runPart(then.contenders, rounds, bytesPerPass))]
}

async function runPart(
  contenders: readonly Contender[],
  rounds: number,
  bytesPerPass: number | undefined,
): Promise<readonly Measurement[]> {
  const records = new Map<string, number>()
  for (const contender of contenders) records.set(contender.name, await contender.run())
  const passes = new Map<string, Pass[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) passes.get(contender.name)!.push(await measure(contender))
  }
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
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
    }
  })
}

export function printMeasurements(benchmark: Benchmark, measurements: readonly Measurement[]): void {
  console.log(`\n${benchmark.name}: ${benchmark.title}`)
  for (const m of measurements) {
    const rate = `${(m.recordsPerCpuSecond / 1e6).toFixed(2)} M/CPU s`
    const bytes = m.bytesPerCpuSecond === null ? '' : `${(m.bytesPerCpuSecond / 1e6).toFixed(0)} MB/CPU s  `
    const ratio = `× ${m.ratio.median.toFixed(2)} (${m.ratio.min.toFixed(2)}–${m.ratio.max.toFixed(2)})`
    console.log(
      `  ${m.contender.padEnd(34)} ${rate.padStart(14)}  ${bytes}${(m.cpuSecondsPerMillion * 1000).toFixed(0)} ns each  ${ratio}`,
    )
  }
  benchmark.print?.(measurements)
}
