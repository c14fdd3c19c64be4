/**
 * One job from its first start to the verdict, with topics, a state directory and source records of its own. What
 * happens in between is the scenario's: it starts the real CLI, kills it, stops it, as often as it likes.
 *
 *   await using trial = await Trial.create(place, 'name', seed)
 *   await trial.start({ failPoints: 'kafka.commit.before=kill@3' }).exited
 *   await trial.finish()
 *   const verdict = await trial.verdict()
 */

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommittedReader } from '../harness/committed-reader.ts'
import { type JobEnd, JobProcess } from '../harness/job-process.ts'
import type { Broker } from './broker/broker.ts'
import { readCommitted } from './foreign-reader.ts'
import { compareSinks, expectedCounts, type SinkName, type SinkVerdict, sinkNames } from './oracle.ts'
import type { SourceClient } from './source-client.ts'
import { NUM_PARTITIONS, Traffic } from './traffic.ts'

/** Where trials are made. */
export interface TrialPlace {
  readonly broker: Broker
  readonly client: SourceClient
  /** Logs and state of failed trials stay there. */
  readonly folder: string
  /** Begins the names of topics, so that runs on one cluster do not meet. */
  readonly runId: string
  /** Arguments of every start of the job. */
  readonly jobArgs: readonly string[]
  /** Replicas of the topics; the cluster's default when absent. */
  readonly replicas?: number
}

/** One start of the job. */
export interface Start {
  readonly failPoints?: string | undefined
  readonly mutate?: string | undefined
  readonly env?: Readonly<Record<string, string>>
  /** After `run prove/job.sql …`. */
  readonly args?: readonly string[]
  /** No traffic is started with it. */
  readonly quiet?: boolean
}

export interface Verdict {
  /** No difference, and nothing else that speaks against exactly once. */
  readonly good: boolean
  readonly sinks: Readonly<Record<SinkName, SinkVerdict>>
  /** Records that no reader sees because their transaction was never ended. */
  readonly numHeldUp: number
  /** What else went wrong: a process that ended before its output was complete, or what the scenario complained of. */
  readonly complaints: readonly string[]
  /** In a few words: `exactly once`, or `lost 3, duplicated 1; readers held up`. */
  readonly summary: string
}

const POLL_MS = 100
const KILL_TIMEOUT_MS = 90_000
/** Nothing new in the sinks of a job that has read all its input for this long means nothing will come. */
const STANDSTILL_MS = 8_000
const FINISH_TIMEOUT_MS = 120_000

export class Trial implements AsyncDisposable {
  readonly name: string
  readonly folder: string
  readonly stateDirectory: string
  readonly traffic: Traffic
  readonly topics: Readonly<Record<SinkName | 'source', string>>
  /** Of both sinks; `<prefix>.0` … are the transactional ids. */
  readonly prefix: string
  /** Every process of the job, oldest first. */
  readonly lives: JobProcess[] = []
  /** --param values, over the defaults. */
  readonly params: Record<string, string> = {}
  readonly #place: TrialPlace
  /** The steps at which processes died, in order. */
  readonly deaths: string[] = []
  readonly #complaints: string[] = []
  readonly #cleanups: (() => Promise<void>)[] = []
  #keep = false

  private constructor(place: TrialPlace, name: string, seed: number) {
    const id = `${place.runId}.${name.replace(/[^\w.-]+/g, '_')}`
    this.#place = place
    this.name = name
    this.prefix = id
    this.folder = join(place.folder, name.replace(/[^\w.-]+/g, '_'))
    this.stateDirectory = join(this.folder, 'state')
    this.topics = { source: `${id}.source`, totals: `${id}.totals`, large_payments: `${id}.large` }
    this.traffic = new Traffic(place.client, this.topics.source, seed)
  }

  static async create(place: TrialPlace, name: string, seed: number): Promise<Trial> {
    const trial = new Trial(place, name, seed)
    mkdirSync(trial.folder, { recursive: true })
    await place.client.createTopics(Object.values(trial.topics), NUM_PARTITIONS, place.replicas)
    return trial
  }

  get broker(): Broker {
    return this.#place.broker
  }

  get current(): JobProcess {
    const life = this.lives.at(-1)
    if (life === undefined) throw new Error('the job was never started')
    return life
  }

  #args({ args = [] }: Start): string[] {
    const params = {
      BOOTSTRAP: this.broker.bootstrap,
      SOURCE: this.topics.source,
      TOTALS: this.topics.totals,
      LARGE: this.topics.large_payments,
      PREFIX: this.prefix,
      STARTUP: 'earliest-offset',
      INTERVAL: '200 ms',
      RESTART: 'fixed-delay',
      LINGER: '5',
      TRANSACTION_TIMEOUT: '60000',
      ...this.params,
    }
    const pairs = Object.entries(params).flatMap(([key, value]) => ['--param', `${key}=${value}`])
    return [
      'run',
      'prove/job.sql',
      ...pairs,
      '--state-dir',
      this.stateDirectory,
      ...this.#place.jobArgs,
      ...args,
    ]
  }

  /** A new process of the job; traffic flows from the first start on. A process that still runs goes on beside it. */
  start(start: Start = {}): JobProcess {
    const { failPoints, mutate, env } = start
    this.lives.push(
      new JobProcess({
        args: this.#args(start),
        folder: this.folder,
        number: this.lives.length + 1,
        failPoints,
        mutate,
        ...(env === undefined ? {} : { env }),
      }),
    )
    if (start.quiet !== true) this.traffic.start()
    return this.current
  }

  /** A start that must end by SIGKILL at its fail point. Rejects when the process ends otherwise or gets past it. */
  async startAndDie(point: string, start: Start = {}): Promise<void> {
    const life = this.start({ ...start, failPoints: [start.failPoints, point].filter(Boolean).join(';') })
    await this.diesAt(point, life)
  }

  /** The same for a process that was started with the fail point before. */
  async diesAt(point: string, life: JobProcess): Promise<void> {
    const end = await this.endOf(life, KILL_TIMEOUT_MS)
    if (end === null) {
      life.killQuietly()
      throw new Error(`${point} was not reached\n${life.lastLines()}`)
    }
    if (end.signal !== 'SIGKILL')
      throw new Error(
        `the job ended with ${end.signal ?? end.code} instead of dying at ${point}\n${life.lastLines()}`,
      )
    this.deaths.push(point.replace(/=.*/, ''))
  }

  /** null when the process still runs after the time. */
  async endOf(life: JobProcess, timeoutMs: number): Promise<JobEnd | null> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<null>(resolve => {
      timer = setTimeout(() => resolve(null), timeoutMs)
    })
    try {
      return await Promise.race([life.exited, timeout, this.traffic.failed])
    } finally {
      clearTimeout(timer)
    }
  }

  /** SIGKILL from outside, wherever the process is. */
  async kill(): Promise<void> {
    this.current.killQuietly()
    await this.current.exited
  }

  /** Something that must not happen, besides what the sinks hold; the verdict will be bad. */
  complain(what: string): void {
    this.#complaints.push(what)
  }

  pause(): void {
    this.current.signal('SIGSTOP')
  }

  resume(): void {
    this.current.signal('SIGCONT')
  }

  /**
   * Writes the closing records, lets the job run until both sinks hold all that is expected or nothing more comes, and
   * stops it with SIGTERM. Starts a process unless one is running.
   */
  async finish(start: Start = {}): Promise<void> {
    const life = this.lives.findLast(({ ended }) => !ended) ?? this.start(start)
    await this.traffic.finish()
    const expected = await expectedCounts(await readCommitted(this.broker.bootstrap, this.topics.source))
    await this.#untilComplete(life, expected)
    if (!life.ended) life.signal('SIGTERM')
    const end = await this.endOf(life, KILL_TIMEOUT_MS)
    if (end?.code === 0) return
    life.killQuietly()
    this.complain(end === null ? 'it did not end after SIGTERM' : refusal(life, end))
  }

  async #untilComplete(life: JobProcess, expected: Readonly<Record<SinkName, number>>): Promise<void> {
    const readers = sinkNames.map(name => new CommittedReader(this.broker.bootstrap, this.topics[name]))
    const counts = sinkNames.map(() => 0)
    const deadline = performance.now() + FINISH_TIMEOUT_MS
    let changedAt = performance.now()
    const mayChange = () =>
      performance.now() < deadline && performance.now() - changedAt < STANDSTILL_MS && !life.ended
    try {
      while (mayChange()) {
        for (const [i, reader] of readers.entries())
          await reader.readAll(() => {
            counts[i]!++
            changedAt = performance.now()
          })
        const status = life.status()
        if (status?.status !== 'running' || status.jobs[0]?.lag !== 0) changedAt = performance.now()
        if (sinkNames.every((name, i) => counts[i]! >= expected[name])) return
        await sleep(POLL_MS)
      }
    } finally {
      for (const reader of readers) reader[Symbol.dispose]()
    }
  }

  /** Both sinks as librdkafka reads them, against DuckDB's answer. Read after the end of every process. */
  async verdict(): Promise<Verdict> {
    const { bootstrap } = this.broker
    const [numHeldUp, source, totals, large_payments] = await Promise.all([
      this.#numHeldUp(),
      readCommitted(bootstrap, this.topics.source),
      readCommitted(bootstrap, this.topics.totals),
      readCommitted(bootstrap, this.topics.large_payments),
    ])
    const compared = await compareSinks(source, { totals, large_payments })
    const complaints = this.#complaints
    const summary = summarize(Object.values(compared), numHeldUp, complaints)
    const good = summary === EXACTLY_ONCE
    if (!good) this.#keep = true
    return { good, sinks: compared, numHeldUp, complaints, summary }
  }

  /** Markers come a moment after the decision, so a few looks are taken. */
  async #numHeldUp(): Promise<number> {
    let sum = 0
    for (let look = 0; look < 20; look++) {
      sum = 0
      for (const name of sinkNames) {
        using reader = new CommittedReader(this.broker.bootstrap, this.topics[name])
        sum += await reader.numUndecided()
      }
      if (sum === 0) return 0
      await sleep(POLL_MS)
    }
    return sum
  }

  /** Is called when the trial is over. */
  onEnd(cleanup: () => Promise<void>): void {
    this.#cleanups.push(cleanup)
  }

  /** Logs and state stay; for a scenario that failed otherwise than by its verdict. */
  keepFolder(): void {
    this.#keep = true
  }

  /** A bad verdict was what was wanted: nothing stays. */
  dropFolder(): void {
    this.#keep = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const life of this.lives) life.killQuietly()
    await Promise.all(this.lives.map(({ exited }) => exited))
    await this.traffic.pause().catch(() => {})
    for (const cleanup of this.#cleanups) await cleanup()
    if (!this.#keep) rmSync(this.folder, { recursive: true, force: true })
  }
}

const EXACTLY_ONCE = 'exactly once'

function summarize(sinks: readonly SinkVerdict[], numHeldUp: number, complaints: readonly string[]): string {
  const sum = (count: (sink: SinkVerdict) => number) => sinks.reduce((total, sink) => total + count(sink), 0)
  if (sum(({ expected }) => expected) === 0) return 'there was nothing to do'
  const counts: readonly (readonly [string, number])[] = [
    ['lost', sum(({ lost }) => lost)],
    ['duplicated', sum(({ duplicated }) => duplicated)],
    ['wrong', sum(({ wrong }) => wrong)],
    ['held up', numHeldUp],
  ]
  const parts = counts.filter(([, count]) => count > 0).map(([what, count]) => `${what} ${count}`)
  parts.push(...complaints)
  return parts.length === 0 ? EXACTLY_ONCE : parts.join(', ')
}

/** The code of the error that ended a process, for the report. */
function refusal(life: JobProcess, { code, signal }: JobEnd): string {
  const [error] =
    life
      .lastLines()
      .match(/MR_[A-Z_]+/g)
      ?.slice(-1) ?? []
  return `ended with ${signal ?? `code ${code}`}${error === undefined ? '' : ` (${error})`}`
}
