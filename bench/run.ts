/**
 * `npm run bench [-- NAME…] [--json FILE] [--compare OLD.json]`: runs the named benchmarks, or all, each in this
 * process after the other. `--compare` prints how the ratios to the first contender moved since OLD.json.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Benchmark, type Measurement, printMeasurements, runBenchmark } from './harness.ts'
import { ipCount } from './ip-count.ts'
import { kernelTwins } from './kernel-twins.ts'
import { otherQueries } from './other-queries.ts'
import { stages } from './stages.ts'

const benchmarks: readonly Benchmark[] = [ipCount, stages, otherQueries, ...kernelTwins]

const { values, positionals } = parseOptions()
const unknown = positionals.filter(name => !benchmarks.some(benchmark => benchmark.name === name))
if (unknown.length > 0) {
  console.error(
    `no benchmark '${unknown.join("', '")}'; there are: ${benchmarks.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}
console.log(`Node ${process.version}, ${process.arch}`)
const results: Record<string, readonly Measurement[]> = {}
for (const benchmark of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue
  const measurements = await runBenchmark(benchmark)
  printMeasurements(benchmark, measurements)
  results[benchmark.name] = measurements
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`)
if (values.compare !== undefined) compare(values.compare)

function parseOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'string' }, compare: { type: 'string' } },
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}

function compare(file: string): void {
  const old = JSON.parse(readFileSync(file, 'utf8')) as { results: Record<string, readonly Measurement[]> }
  console.log(`\nratios against ${file}:`)
  for (const [name, measurements] of Object.entries(results)) {
    for (const { contender, ratio } of measurements) {
      const before = old.results[name]?.find(other => other.contender === contender)?.ratio.median
      if (before !== undefined)
        console.log(`  ${name} / ${contender}: ${before.toFixed(2)} -> ${ratio.median.toFixed(2)}`)
    }
  }
}
