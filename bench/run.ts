/**
 * `npm run bench [-- NAME…] [--list] [--json FILE|DIRECTORY/] [--compare FILE|DIRECTORY/]`: runs the named benchmarks, or all
 * but the long ones. Several run each in a process of its own, so that none meets what another has done to V8.
 * `--compare` prints how ratios and figures moved since an older report.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { optionsOrExit } from '../harness/command-line.ts'
import { benchmarks, longBenchmarks } from './benchmarks.ts'
import { type Benchmark, type Result, runBenchmark } from './harness.ts'
import { printComparison, printResult } from './print.ts'
import { readReports, writeReport } from './report.ts'

const all: readonly Benchmark[] = [...benchmarks, ...longBenchmarks]

const { values, positionals } = optionsOrExit(parseOptions)
if (values.list === true) {
  for (const { name, title } of all) console.log(`${name.padEnd(24)} ${title}`)
  process.exit(0)
}
const unknown = positionals.filter(name => !all.some(benchmark => benchmark.name === name))
if (unknown.length > 0)
  fail(`no benchmark '${unknown.join("', '")}'; there are: ${all.map(({ name }) => name).join(', ')}`)
const chosen = positionals.length === 0 ? benchmarks : all.filter(({ name }) => positionals.includes(name))
const before = values.compare === undefined ? null : reportsAt(values.compare)

const results: Record<string, Result> = {}
if (chosen.length === 1) {
  const [benchmark] = chosen
  results[benchmark!.name] = await runBenchmark(benchmark!)
  printResult(benchmark!, results[benchmark!.name]!)
} else {
  console.log(`Node ${process.version}, ${process.arch}`)
  for (const { name } of chosen) Object.assign(results, runInProcess(name))
}
if (values.json !== undefined) writeReport(values.json, results)
if (before !== null) {
  console.log(`\nagainst ${values.compare}:`)
  printComparison(before, results)
}

function runInProcess(name: string): Readonly<Record<string, Result>> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  try {
    const file = join(folder, 'report.json')
    const args = [import.meta.filename, name, '--json', file]
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
    if (status !== 0) process.exit(status ?? 1)
    return readReports(file)[0]!.results
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function reportsAt(path: string) {
  try {
    return readReports(path)
  } catch (error) {
    return fail(`cannot read the report ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function parseOptions() {
  return parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, compare: { type: 'string' }, list: { type: 'boolean' } },
  })
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
