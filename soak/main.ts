/**
 * `npm run soak`: for an hour a job runs at a steady rate while its process is ended again and again; once a second
 * its memory, open files, checkpoints and lag are measured. Exit code 0 only when all of them stayed flat and the
 * windows in the sink are, row for row, what the generator wrote.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pc from 'picocolors'
import { optionsOrExit } from '../harness/command-line.ts'
import { CommittedReader } from '../harness/committed-reader.ts'
import { JobProcess } from '../harness/job-process.ts'
import { startBroker } from '../prove/broker/start-broker.ts'
import { version } from '../src/version/version.ts'
import { Cluster, type Topics } from './cluster.ts'
import { parseOptions, type SoakOptions, usage } from './options.ts'
import { htmlReport, type ReportHead } from './report.ts'
import { type Sample, takeSample } from './sample.ts'
import { type Life, schedule } from './schedule.ts'
import { Traffic } from './traffic.ts'
import { type Check, type Evidence, judge, type LifeFacts } from './verdict.ts'
import { WindowCheck } from './window-check.ts'

const TTL = '8 s'
const SAMPLE_MS = 1_000
/** The sink must be complete so long after the traffic has ended. */
const FINISH_MS = 60_000

const count = (value: number) => value.toLocaleString('en-US')

class Soak {
  readonly #options: SoakOptions
  readonly #bootstrap: string
  readonly #folder: string
  readonly #topics: Topics
  readonly #cluster: Cluster
  readonly #traffic: Traffic
  readonly #check: WindowCheck
  readonly #reader: CommittedReader
  readonly #startedAt = Date.now()
  readonly #samples: Sample[] = []
  readonly #lives: LifeFacts[] = []
  #job: JobProcess | null = null

  constructor(options: SoakOptions, bootstrap: string, folder: string, topics: Topics, cluster: Cluster) {
    this.#options = options
    this.#bootstrap = bootstrap
    this.#folder = folder
    this.#topics = topics
    this.#cluster = cluster
    this.#traffic = new Traffic(options.seed, options.rate, this.#startedAt)
    this.#check = new WindowCheck(this.#traffic.open)
    this.#reader = new CommittedReader(bootstrap, topics.windows)
  }

  /** Seconds since the beginning. */
  get #at(): number {
    return (Date.now() - this.#startedAt) / 1000
  }

  #say(text: string): void {
    console.log(`${pc.dim(`${this.#at.toFixed(0).padStart(5)} s`)}  ${text}`)
  }

  async run(): Promise<Evidence> {
    const seconds = this.#options.minutes * 60
    const stop = new AbortController()
    process.once('exit', () => this.#job?.killQuietly())
    const writing = this.#cluster.write(this.#traffic, this.#startedAt + seconds * 1000, stop.signal)
    writing.catch(() => {})
    try {
      const lives = schedule(seconds, this.#options.seed)
      for (const life of lives.slice(0, -1)) await this.#live(life)
      await this.#lastLife(writing)
      return {
        samples: this.#samples,
        lives: this.#lives,
        windows: this.#check.verdict(),
        numRecords: this.#traffic.numRecords,
        rate: this.#options.rate,
      }
    } finally {
      stop.abort()
      this.#job?.killQuietly()
      await writing.catch(() => {})
      this.#reader[Symbol.dispose]()
      for (const example of this.#check.examples) console.log(pc.red(`  ${example}`))
    }
  }

  get #stateDirectory(): string {
    return join(this.#folder, 'state')
  }

  async #start(): Promise<{ readonly job: JobProcess; readonly from: number }> {
    const { source, windows, sessions } = this.#topics
    const { mutate } = this.#options
    const params = {
      BOOTSTRAP: this.#bootstrap,
      SOURCE: source,
      WINDOWS: windows,
      SESSIONS: sessions,
      PREFIX: windows,
      TTL: mutate === 'no-ttl' ? '0' : TTL,
    }
    const job = new JobProcess({
      args: [
        ...['run', join('soak', 'job.sql'), '--state-dir', this.#stateDirectory, '--log-level', 'warn'],
        ...Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`]),
      ],
      folder: this.#folder,
      number: this.#lives.length + 1,
      env: {
        MILLRACE_PROGRESS_MS: String(SAMPLE_MS),
        MILLRACE_FAILPOINT_TRACE: '/dev/null',
        ...(mutate === 'leak' ? { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'leak.ts')}` } : {}),
      },
    })
    this.#job = job
    const from = this.#at
    await job.running()
    return { job, from }
  }

  async #live({ endAt, endedBy }: Life): Promise<void> {
    const { job, from } = await this.#start()
    while (this.#at < endAt) await this.#observe(job, from)
    await this.#end(job, from, endedBy)
  }

  /** Runs until the sink holds every window, or none comes any more. */
  async #lastLife(writing: Promise<void>): Promise<void> {
    const { job, from } = await this.#start()
    let written = false
    const done = writing.then(() => {
      written = true
    })
    done.catch(() => {})
    while (!written && !(await Promise.race([done.then(() => true), sleep(0).then(() => false)])))
      await this.#observe(job, from)
    const deadline = Date.now() + FINISH_MS
    while (!this.#check.isComplete && Date.now() < deadline) await this.#observe(job, from)
    await this.#end(job, from, 'SIGTERM')
    await this.#read()
  }

  async #observe(job: JobProcess, from: number): Promise<void> {
    const next = sleep(SAMPLE_MS)
    if (job.ended) throw job.failure()
    const place = { at: this.#at, life: this.#lives.length, age: this.#at - from }
    const sample = takeSample(job, this.#stateDirectory, place)
    if (sample !== null) this.#samples.push(sample)
    await this.#read()
    await this.#cluster.deleteOld()
    await next
  }

  #read(): Promise<void> {
    return this.#reader.readAll(value => this.#check.row(value))
  }

  async #end(job: JobProcess, from: number, endedBy: Life['endedBy']): Promise<void> {
    const last = this.#samples.at(-1)
    const facts = endedBy === 'SIGKILL' ? await job.kill() : await job.stop()
    const { numResumedTransactions, restoredCheckpoint } = facts
    this.#lives.push({ from, to: this.#at, endedBy, numResumedTransactions, restoredCheckpoint })
    const memory = last === undefined ? '' : `${(last.rssBytes / 1048576).toFixed(0)} MiB, `
    this.#say(
      `${endedBy} after ${(this.#at - from).toFixed(0)} s: ${memory}${count(facts.recordsIn)} records read; ${count(this.#check.verdict().numRight)} window rows right so far`,
    )
  }
}

function headOf(options: SoakOptions, broker: string, evidence: Evidence): ReportHead {
  return {
    title: `Millrace soak, ${options.minutes} min`,
    facts: [
      ['engine', `Millrace ${version}, Node.js ${process.version}, ${process.platform}`],
      ['broker', broker],
      ['traffic', `${count(evidence.numRecords)} records, ${count(options.rate)}/s, seed ${options.seed}`],
      ['date', new Date().toISOString()],
      ...(options.mutate === undefined ? [] : [['broken on purpose', options.mutate] as const]),
    ],
  }
}

function print(checks: readonly Check[]): void {
  console.log('')
  for (const { name, holds, text } of checks)
    console.log(`  ${holds ? pc.green('✓') : pc.red('✗')} ${name.padEnd(26)} ${holds ? text : pc.red(text)}`)
}

async function soak(options: SoakOptions): Promise<boolean> {
  await using broker = await startBroker(options.broker)
  const folder = mkdtempSync(join(tmpdir(), 'millrace-soak-job-'))
  const prefix = `soak-${Date.now().toString(36)}`
  const topics = { source: `${prefix}-events`, windows: `${prefix}-windows`, sessions: `${prefix}-sessions` }
  const { minutes, rate, seed, mutate } = options
  console.log(
    pc.bold(`Millrace soak: ${minutes} min at ${count(rate)} records/s on ${broker.label}, seed ${seed}\n`),
  )
  if (mutate !== undefined) console.log(pc.yellow(`  broken on purpose: ${mutate}; this must fail\n`))
  const cluster = await Cluster.connect(broker.bootstrap, topics)
  try {
    const evidence = await new Soak(options, broker.bootstrap, folder, topics, cluster).run()
    const checks = judge(evidence)
    print(checks)
    mkdirSync(options.report, { recursive: true })
    const head = headOf(options, broker.label, evidence)
    writeFileSync(join(options.report, 'report.html'), htmlReport(head, evidence, checks))
    writeFileSync(
      join(options.report, 'report.json'),
      `${JSON.stringify({ ...head, checks, ...evidence })}\n`,
    )
    const passed = checks.every(({ holds }) => holds)
    console.log(passed ? pc.bold(pc.green('\nFLAT')) : pc.bold(pc.red('\nTHE SOAK FAILED')))
    if (!passed)
      console.log(`failed: ${checks.flatMap(({ name, holds }) => (holds ? [] : [name])).join(', ')}`)
    console.log(pc.dim(join(options.report, 'report.html')))
    if (passed) rmSync(folder, { recursive: true, force: true })
    else console.log(pc.dim(`logs and state are left in ${folder}`))
    return passed
  } finally {
    await cluster.close({ deleteTopics: broker.kind === 'given' })
  }
}

/** Undefined when help was asked for. */
const options = optionsOrExit(() =>
  parseOptions(process.argv.slice(2), () => mkdtempSync(join(tmpdir(), 'millrace-soak-'))),
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
try {
  if (options === undefined) console.log(usage)
  else process.exitCode = (await soak(options)) ? 0 : 1
} catch (error) {
  console.error(pc.red(`the soak failed: ${error instanceof Error ? error.message : String(error)}`))
  process.exitCode = 1
}
