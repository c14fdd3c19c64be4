/**
 * `npm run demo`: an access log goes through sql-examples/ip_count.sql while the process that runs it is killed
 * twice with SIGKILL, once with records written but not committed and once between manifest and commit. A separate
 * process then compares the sink with what the generator wrote.
 */

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import pc from 'picocolors'
import { CommittedReader } from '../harness/committed-reader.ts'
import { JobProcess, type RunFacts } from '../harness/job-process.ts'
import { startDevBroker } from '../src/dev-broker/index.ts'
import { connectTo, prepareTopics, SINK_TOPIC, SOURCE_TOPIC, writeTraffic } from './cluster.ts'
import { type DemoOptions, parseOptions, usage } from './options.ts'
import { NUM_IPS, NUM_PARTITIONS, Traffic } from './traffic.ts'

/** Nothing new in the sink for this long after the traffic ended means nothing will come: two checkpoints. */
const STANDSTILL_MS = 11_000
const FINISH_TIMEOUT_MS = 90_000

const startedAt = performance.now()
const count = (value: number) => value.toLocaleString('en-US')

/** What is to be said when the job's live view has the terminal no more: two writers would garble it. */
let unsaid: string[] | null = null

function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)
  const line = `${pc.dim(`${seconds} s`)}  ${text}`
  if (unsaid === null) console.log(line)
  else unsaid.push(line)
}

function giveTerminalToJob(): void {
  if (process.stderr.isTTY) unsaid ??= []
}

function takeTerminalBack(): void {
  for (const line of unsaid ?? []) console.log(line)
  unsaid = null
}

interface Stage {
  readonly options: DemoOptions
  readonly bootstrap: string
  readonly kafka: Kafka
  readonly folder: string
  readonly traffic: Traffic
  readonly runs: RunFacts[]
  job: JobProcess | null
  /** Set when all traffic is acknowledged. */
  written: boolean
}

/** A step of the protocol at which the process stands still, and how often it has come there then. */
interface HoldPoint {
  readonly name: string
  readonly atHit: number
}

const jobArgs = (bootstrap: string, stateDirectory: string): string[] => [
  'run',
  'sql-examples/ip_count.sql',
  '--param',
  `BOOTSTRAP=${bootstrap}`,
  '--state-dir',
  stateDirectory,
]

async function startRun(stage: Stage, hold?: HoldPoint): Promise<JobProcess> {
  const { bootstrap, folder, options, runs } = stage
  giveTerminalToJob()
  const job = new JobProcess({
    args: [
      ...jobArgs(bootstrap, join(folder, 'state')),
      // A forced start on a cluster may find the witness of an earlier demo, whose state is gone.
      ...(options.force && runs.length === 0 ? ['--resume', 'none'] : []),
    ],
    folder,
    number: runs.length + 1,
    failPoints: hold === undefined ? undefined : `${hold.name}=hold@${hold.atHit}`,
    mutate: options.mutate,
    terminal: true,
  })
  stage.job = job
  await job.running()
  const status = job.status()?.jobs[0]
  const resumed = status?.numResumedTransactions ?? 0
  const from = status?.restoredCheckpoint
  const origin =
    from === null || from === undefined
      ? 'starts without state'
      : `goes on from ${from.split('/').at(-1)}, ${resumed} transaction${resumed === 1 ? '' : 's'} of its predecessor committed`
  say(`run ${runs.length + 1} (pid ${job.pid}) ${origin}`)
  return job
}

const numUndecided = async ({ bootstrap }: Stage): Promise<number> => {
  using reader = new CommittedReader(bootstrap, SINK_TOPIC)
  return await reader.numUndecided()
}

async function killRun(stage: Stage, job: JobProcess): Promise<void> {
  stage.runs.push(await job.kill())
  takeTerminalBack()
  say(`${pc.red(`kill -9 ${job.pid}`)}: the process is gone, its signal was SIGKILL`)
}

/** Every record of the transaction is at the broker, the checkpoint is not decided: it must be aborted. */
async function killBeforeDecision(stage: Stage): Promise<void> {
  const job = await startRun(stage, { name: 'checkpoint.prepared', atHit: 1 })
  await job.held('checkpoint.prepared', 1)
  const undecided = await numUndecided(stage)
  if (undecided === 0) throw new Error('nothing was written before the first kill')
  say(`it stands before its checkpoint is decided: ${count(undecided)} rows written, none committed`)
  await killRun(stage, job)
}

/** Directories of the newest checkpoints that hold a manifest but no confirmation. */
function unconfirmedCheckpoints(folder: string): string[] {
  return readdirSync(join(folder, 'state'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('manifest.json'))
    .map(path => join(folder, 'state', path, '..'))
    .filter(directory => !existsSync(join(directory, 'confirmed')))
}

/** The manifest is in place, the commit has not been sent: the next process must commit it. */
async function killBeforeCommit(stage: Stage): Promise<void> {
  const job = await startRun(stage, { name: 'checkpoint.after-manifest', atHit: 2 })
  await job.held('checkpoint.after-manifest', 2)
  const [decided] = unconfirmedCheckpoints(stage.folder)
  if (decided === undefined) throw new Error('no checkpoint waits for its commit at the second kill')
  const undecided = await numUndecided(stage)
  if (undecided === 0) throw new Error('nothing was written before the second kill')
  say(`it stands between manifest and commit of ${decided.split('/').at(-1)}: ${count(undecided)} rows wait`)
  await killRun(stage, job)
}

/** Runs until the sink holds every row, or nothing more comes; then stops with SIGTERM. */
async function finishRun(stage: Stage): Promise<void> {
  const job = await startRun(stage)
  using reader = new CommittedReader(stage.bootstrap, SINK_TOPIC)
  let numRows = 0
  let changedAt = performance.now()
  const deadline = performance.now() + FINISH_TIMEOUT_MS
  for (;;) {
    await sleep(200)
    if (job.ended) throw job.failure()
    const before = numRows
    await reader.readAll(() => numRows++)
    if (numRows !== before || !stage.written) changedAt = performance.now()
    if (stage.written && numRows >= stage.traffic.truth().rows.length) break
    if (performance.now() - changedAt > STANDSTILL_MS || performance.now() > deadline) {
      say(pc.yellow('the sink does not fill up any more'))
      break
    }
  }
  stage.runs.push(await job.stop())
  takeTerminalBack()
  say(`SIGTERM: run ${stage.runs.length} took a savepoint and exited with 0`)
}

/** Resolves with the exit code of the judge. */
function verify({ folder, bootstrap, traffic, runs }: Stage): Promise<number> {
  const truth = join(folder, 'truth.json')
  const facts = join(folder, 'runs.json')
  writeFileSync(truth, JSON.stringify(traffic.truth()))
  writeFileSync(facts, JSON.stringify(runs))
  const script = join(import.meta.dirname, 'verify.ts')
  const child = spawn(
    process.execPath,
    [script, '--bootstrap', bootstrap, '--truth', truth, '--runs', facts],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(code ?? 1))
  })
}

function introduce({ options, bootstrap, traffic, folder }: Stage): void {
  const where = options.bootstrap === undefined ? 'dev broker in this process' : 'your cluster'
  const { rate, seconds, seed, mutate } = options
  console.log(pc.bold('Millrace demo: ip_count.sql, Kafka to Kafka, exactly once, through kill -9\n'))
  console.log(`  broker   ${where}, ${bootstrap}`)
  console.log(
    `  traffic  ${count(traffic.numRecords)} records in ${seconds} s (${count(rate)}/s), up to ${count(NUM_IPS)} IPs, ${NUM_PARTITIONS} partitions, event time ×10,\n           out of order by less than 5 s, seed ${seed}`,
  )
  console.log(`  job      node bin/millrace.js ${jobArgs(bootstrap, join(folder, 'state')).join(' ')}`)
  if (mutate !== undefined) console.log(pc.yellow(`  mutate   safeguard '${mutate}' is off: this must fail`))
  console.log('')
}

async function play(stage: Stage): Promise<number> {
  await prepareTopics(stage.kafka, stage.options.force)
  const stop = new AbortController()
  const writing = writeTraffic(stage.kafka, stage.traffic, stop.signal).then(() => {
    stage.written = true
    if (!stop.signal.aborted) say(`all ${count(stage.traffic.numRecords)} records are in ${SOURCE_TOPIC}`)
  })
  writing.catch(() => {})
  try {
    await killBeforeDecision(stage)
    await killBeforeCommit(stage)
    await Promise.all([writing, finishRun(stage)])
    return await verify(stage)
  } finally {
    stop.abort()
    stage.job?.killQuietly()
    takeTerminalBack()
    await writing.catch(() => {})
  }
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options === undefined) {
    console.log(usage)
    return 0
  }
  await using broker = options.bootstrap === undefined ? await startDevBroker() : null
  const bootstrap = options.bootstrap ?? broker!.bootstrap
  const folder = mkdtempSync(join(tmpdir(), 'millrace-demo-'))
  const stage: Stage = {
    options,
    bootstrap,
    kafka: connectTo(bootstrap),
    folder,
    traffic: new Traffic(options.seed, options.rate, options.seconds),
    runs: [],
    job: null,
    written: false,
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  introduce(stage)
  const code = await play(stage)
  if (code === 0) rmSync(folder, { recursive: true, force: true })
  else console.log(pc.dim(`logs and state are left in ${folder}`))
  if (options.bootstrap !== undefined)
    console.log(pc.dim(`topics ${SOURCE_TOPIC} and ${SINK_TOPIC} are left on the cluster`))
  return code
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(pc.red(`the demo failed: ${error instanceof Error ? error.message : String(error)}`))
  process.exitCode = 1
}
