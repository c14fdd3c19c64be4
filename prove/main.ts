/**
 * `npm run prove`: breaks a job at every step of its protocol, restarts it, and compares what a client of other make
 * reads from its sinks with DuckDB's answer over its source, record for record. With `--mutate` it switches safeguards
 * off and shows what catches that. Exit code 0 only when all is as it must be.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pc from 'picocolors'
import { version } from '../src/version/version.ts'
import type { Broker } from './broker/broker.ts'
import { startBroker, startDevInProcess } from './broker/start-broker.ts'
import { unreached } from './coverage.ts'
import { foreignReaderVersion } from './foreign-reader.ts'
import { javaReader } from './java-reader.ts'
import { type ProveOptions, parseOptions, threadArgs, usage } from './options.ts'
import { markdownReport } from './report.ts'
import { inParallel, play, type Scenario, type ScenarioResult } from './scenario.ts'
import { crashMatrix } from './scenarios/crash-matrix.ts'
import { errors } from './scenarios/errors.ts'
import { chosenMutations, type MakeTrial, playMutation } from './scenarios/mutations.ts'
import { powerLoss } from './scenarios/power-loss.ts'
import { playRandomKills } from './scenarios/random-kills.ts'
import { SourceClient } from './source-client.ts'
import { Trial, type TrialPlace } from './trial.ts'

/** Every family, in the order of the report. */
function allScenarios(options: ProveOptions, { kafkaVersion }: Broker): Scenario[] {
  return [
    ...(kafkaVersion === undefined ? [] : [javaReader(kafkaVersion)]),
    ...crashMatrix(options),
    ...powerLoss(options),
    ...errors(options),
  ]
}

function say({ passed, family, name, outcome, seconds, folder }: ScenarioResult): void {
  const mark = passed ? pc.green('✓') : pc.red('✗')
  const line = `  ${mark} ${pc.dim(`${seconds.toFixed(1).padStart(5)} s`)}  ${family}: ${name}`
  const isTold = !passed || family === 'mutations'
  console.log(isTold ? `${line}\n             ${passed ? pc.dim(outcome) : pc.red(outcome)}` : line)
  if (folder !== null) console.log(pc.dim(`             left in ${folder}`))
}

/** What one run is about: the broker, and a folder for what its trials leave. */
interface Stage {
  readonly options: ProveOptions
  readonly broker: Broker
  readonly folder: string
  readonly runId: string
  readonly jobArgs: readonly string[]
}

async function playScenarios({ options, broker, folder, runId, jobArgs }: Stage): Promise<ScenarioResult[]> {
  const { only, seed, width } = options
  const scenarios = allScenarios(options, broker).filter(
    ({ family, name }) => only === undefined || `${family}/${name}`.includes(only),
  )
  if (scenarios.length === 0) throw new Error(`there is no scenario with '${only}' in its name`)
  console.log(pc.bold(`${scenarios.length} trials, ${width} at a time\n`))
  const client = await SourceClient.connect(broker.bootstrap)
  const place: TrialPlace = { broker, client, folder, runId, jobArgs }
  try {
    return await inParallel(scenarios, width, async scenario => {
      const name = `${scenario.family}.${scenario.name}`
      const result = await play(scenario, () => Trial.create(place, name, seed))
      say(result)
      return result
    })
  } finally {
    await client.close({ deleteTopics: broker.kind === 'given' })
  }
}

/** On the dev broker each trial has one of its own, in this process, so that it can script its faults. */
async function trialWithBroker(stage: Stage, name: string): Promise<Trial> {
  const broker = await startDevInProcess()
  const client = await SourceClient.connect(broker.bootstrap)
  const trial = await Trial.create({ ...stage, broker, client }, name, stage.options.seed)
  trial.onEnd(async () => {
    await client.close({ deleteTopics: false })
    await broker[Symbol.asyncDispose]()
  })
  return trial
}

async function playMutations(stage: Stage, name: string): Promise<ScenarioResult[]> {
  const { options, broker } = stage
  const mutations = chosenMutations(name)
  console.log(pc.bold(`${mutations.length} safeguards switched off, one at a time\n`))
  const hasDev = broker.kind === 'dev'
  const client = await SourceClient.connect(broker.bootstrap)
  const makeTrial: MakeTrial = trialName =>
    hasDev ? trialWithBroker(stage, trialName) : Trial.create({ ...stage, client }, trialName, options.seed)
  try {
    return await inParallel(mutations, options.width, async mutation => {
      const result = await playMutation(mutation, hasDev, makeTrial)
      say(result)
      return result
    })
  } finally {
    await client.close({ deleteTopics: broker.kind === 'given' })
  }
}

/** A run that must kill at every step. */
const isWhole = ({ mutate, only, short, kills }: ProveOptions): boolean =>
  mutate === undefined && only === undefined && !short && kills === 0

interface Outcome {
  readonly label: string
  readonly results: readonly ScenarioResult[]
}

async function playOnOneBroker(options: ProveOptions, folder: string): Promise<Outcome> {
  await using broker = await startBroker(options.broker)
  const runId = `prove-${Date.now().toString(36)}`
  const stage: Stage = { options, broker, folder, runId, jobArgs: threadArgs(options) }
  const results = await (options.mutate === undefined
    ? playScenarios(stage)
    : playMutations(stage, options.mutate))
  return { label: broker.label, results }
}

/** Whether all was as it must be. */
async function prove(options: ProveOptions): Promise<boolean> {
  const reader = foreignReaderVersion()
  const startedAt = performance.now()
  console.log(`judged by ${reader} and DuckDB`)
  const folder = mkdtempSync(join(tmpdir(), 'millrace-prove-'))
  try {
    const { label, results } = await (options.kills > 0
      ? playRandomKills(options, folder, say)
      : playOnOneBroker(options, folder))
    const seconds = (performance.now() - startedAt) / 1000
    const numPassed = results.filter(({ passed }) => passed).length
    console.log(pc.bold(`\n${numPassed} of ${results.length} passed in ${seconds.toFixed(0)} s on ${label}`))
    const never = isWhole(options) ? unreached(results) : []
    if (never.length > 0) console.log(pc.red(`no process was killed at ${never.join(', ')}`))
    if (options.report !== undefined) {
      const head = { broker: label, reader, engine: `Millrace ${version}`, seed: options.seed }
      writeFileSync(options.report, markdownReport({ ...head, date: new Date().toISOString() }, results))
    }
    return numPassed === results.length && never.length === 0
  } finally {
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
  }
}

// Processes of ours end with us: see JobProcess and the brokers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
try {
  const options = parseOptions(process.argv.slice(2))
  if (options === undefined) console.log(usage)
  else if (!(await prove(options))) process.exitCode = 1
} catch (error) {
  console.error(pc.red(error instanceof Error ? error.message : String(error)))
  process.exitCode = 2
}
