/** Results as text for a terminal. */
import type { Benchmark, Figure, Measurement, Result } from './harness.ts'
import type { Report } from './report.ts'

export function printResult(benchmark: Benchmark, result: Result): void {
  console.log(`\n${benchmark.name}: ${benchmark.title}`)
  if (result.kind === 'contenders') {
    for (const m of result.measurements) console.log(`  ${measurementLine(m)}`)
    if (benchmark.kind === 'contenders') benchmark.print?.(result.measurements)
  } else if (benchmark.kind === 'figures') {
    if (benchmark.print === undefined)
      for (const figure of result.figures) console.log(`  ${figureLine(figure)}`)
    else benchmark.print(result.figures)
  }
}

function measurementLine(m: Measurement): string {
  const rate = `${(m.recordsPerCpuSecond / 1e6).toFixed(2)} M/CPU s`
  const bytes = m.bytesPerCpuSecond === null ? '' : `${(m.bytesPerCpuSecond / 1e6).toFixed(0)} MB/CPU s  `
  const memory = m.peakMemoryBytes === null ? '' : `${(m.peakMemoryBytes / 1e6).toFixed(0)} MB memory  `
  const ratio = `× ${m.ratio.median.toFixed(2)} (${m.ratio.min.toFixed(2)}–${m.ratio.max.toFixed(2)})`
  const cost = `${(m.cpuSecondsPerMillion * 1000).toFixed(0)} ns each`
  return `${m.contender.padEnd(34)} ${rate.padStart(14)}  ${bytes}${memory}${cost}  ${ratio}`
}

function figureLine({ name, at, value, unit, spread }: Figure): string {
  const what = at === undefined ? name : `${name}, ${at.toLocaleString('en')}`
  return `${what.padEnd(60)} ${shown(value).padStart(10)} ${unit}${spreadText(spread)}`
}

/** Of a figure over several rounds. */
export const spreadText = (spread: Figure['spread']): string =>
  spread === undefined ? '' : ` (${shown(spread.min)} to ${shown(spread.max)})`

/** Three digits that count. */
export const shown = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))

/** How the ratios to the first contender, and the figures, moved since the old reports. */
export function printComparison(old: readonly Report[], results: Readonly<Record<string, Result>>): void {
  for (const [name, result] of Object.entries(results)) {
    const before = old.map(report => report.results[name]).find(other => other !== undefined)
    if (before === undefined) {
      console.log(`  ${name}: not there`)
      continue
    }
    const values = valuesOf(before)
    for (const [what, value] of valuesOf(result)) {
      const other = values.get(what)
      const moved = other === undefined ? 'new' : `${shown(other)} -> ${shown(value)}`
      console.log(`  ${name} / ${what}: ${moved}`)
    }
  }
}

function valuesOf(result: Result): ReadonlyMap<string, number> {
  if (result.kind === 'contenders')
    return new Map(result.measurements.map(m => [`× ${m.contender}`, m.ratio.median]))
  return new Map(
    result.figures.map(({ name, at, value, unit }) => [
      `${name}${at === undefined ? '' : `, ${at.toLocaleString('en')}`} (${unit})`,
      value,
    ]),
  )
}
