/**
 * Runs contenders of one benchmark in turn, several rounds, and prints medians and ratios to the first contender.
 * Ratios of one run are what counts: these machines are noisy, absolute figures are not comparable between runs.
 */

export interface Contender {
  readonly name: string
  /** One measured pass; returns how many records it processed. */
  run(): Promise<number> | number
}

export interface Benchmark {
  readonly name: string
  /** One sentence: what is measured on what data. */
  readonly title: string
  readonly bytesPerPass?: number
  readonly rounds?: number
  contenders(): Promise<readonly Contender[]>
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
  const contenders = await benchmark.contenders()
  const records = new Map<string, number>()
  for (const contender of contenders) records.set(contender.name, await contender.run())
  const passes = new Map<string, Pass[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < (benchmark.rounds ?? 5); round++) {
    for (const contender of contenders) passes.get(contender.name)!.push(await measure(contender))
  }
  const base = passes.get(contenders[0]!.name)!
  return contenders.map(({ name }): Measurement => {
    const own = passes.get(name)!
    const perCpuSecond = median(own.map(pass => pass.perCpuSecond))
    const ratios = own.map((pass, round) => pass.perCpuSecond / base[round]!.perCpuSecond)
    const bytes = benchmark.bytesPerPass
    return {
      contender: name,
      recordsPerCpuSecond: perCpuSecond,
      recordsPerSecond: median(own.map(pass => pass.perSecond)),
      cpuSecondsPerMillion: 1e6 / perCpuSecond,
      bytesPerCpuSecond: bytes === undefined ? null : (perCpuSecond * bytes) / records.get(name)!,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
    }
  })
}

export function printMeasurements(benchmark: Benchmark, measurements: readonly Measurement[]): void {
  console.log(`\n${benchmark.name}: ${benchmark.title}`)
  for (const m of measurements) {
    const rate = `${(m.recordsPerCpuSecond / 1e6).toFixed(3)} M records/CPU s`
    const bytes = m.bytesPerCpuSecond === null ? '' : `${(m.bytesPerCpuSecond / 1e6).toFixed(0)} MB/CPU s  `
    const ratio = `× ${m.ratio.median.toFixed(2)} (${m.ratio.min.toFixed(2)}–${m.ratio.max.toFixed(2)})`
    console.log(
      `  ${m.contender.padEnd(28)} ${rate.padStart(24)}  ${bytes}${m.cpuSecondsPerMillion.toFixed(3)} CPU s/M  ${ratio}`,
    )
  }
}
