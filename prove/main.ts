/**
 * `npm run prove`: breaks a job at every step of its protocol, restarts it, and compares what a client of other make
 * reads from its sinks with DuckDB's answer over its source, record for record. Exit code 0 only when all agreed.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pc from 'picocolors'
import { version } from '../src/version/version.ts'
import { startBroker } from './broker/start-broker.ts'
import { foreignReaderVersion } from './foreign-reader.ts'
import { type ProveOptions, parseOptions, usage } from './options.ts'
import { markdownReport } from './report.ts'
import { playAll, type Scenario, type ScenarioResult } from './scenario.ts'
import { crashMatrix } from './scenarios/crash-matrix.ts'
import { SourceClient } from './source-client.ts'
import { Trial, type TrialPlace } from './trial.ts'

/** Every family, in the order of the report. */
function allScenarios(options: ProveOptions): Scenario[] {
  return [...crashMatrix(options)]
}

function say({ passed, family, name, outcome, seconds, folder }: ScenarioResult): void {
  const mark = passed ? pc.green('✓') : pc.red('✗')
  const line = `  ${mark} ${pc.dim(`${seconds.toFixed(1).padStart(5)} s`)}  ${family}: ${name}`
  console.log(passed ? line : `${line}\n      ${pc.red(outcome)}\n      ${pc.dim(`left in ${folder}`)}`)
}

async function prove(options: ProveOptions): Promise<ScenarioResult[]> {
  const reader = foreignReaderVersion()
  const startedAt = performance.now()
  await using broker = await startBroker(options.broker)
  const scenarios = allScenarios(options).filter(
    ({ family, name }) => options.only === undefined || `${family}/${name}`.includes(options.only),
  )
  if (scenarios.length === 0) throw new Error(`there is no scenario with '${options.only}' in its name`)
  console.log(pc.bold(`${scenarios.length} trials on ${broker.label}, judged by ${reader} and DuckDB\n`))
  const client = await SourceClient.connect(broker.bootstrap)
  const folder = mkdtempSync(join(tmpdir(), 'millrace-prove-'))
  const runId = `prove-${Date.now().toString(36)}`
  const place: TrialPlace = { broker, client, folder, runId }
  const makeTrial = ({ family, name }: Scenario) => Trial.create(place, `${family}.${name}`, options.seed)
  try {
    const results = await playAll(scenarios, options.width, makeTrial, say)
    const seconds = (performance.now() - startedAt) / 1000
    const numPassed = results.filter(({ passed }) => passed).length
    console.log(pc.bold(`\n${numPassed} of ${results.length} passed in ${seconds.toFixed(0)} s`))
    if (options.report !== undefined) {
      const head = { broker: broker.label, reader, engine: `Millrace ${version}`, seed: options.seed }
      writeFileSync(options.report, markdownReport({ ...head, date: new Date().toISOString() }, results))
    }
    return results
  } finally {
    await client.close({ deleteTopics: broker.kind === 'given' })
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
  }
}

try {
  const options = parseOptions(process.argv.slice(2))
  if (options === undefined) console.log(usage)
  else if ((await prove(options)).some(({ passed }) => !passed)) process.exitCode = 1
} catch (error) {
  console.error(pc.red(error instanceof Error ? error.message : String(error)))
  process.exitCode = 2
}
