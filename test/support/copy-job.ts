/**
 * A whole job under test: the real CLI copies numbered records from one topic to another, exactly once, and what
 * readers of committed records see is compared with what was written to the source.
 *
 * docs/failures.md says only what is shown by such stories, or by smaller ones, in `test/broker/kafka` unless said:
 *
 *   Brokers and the network      answers, faults; leaders of three brokers: prove/
 *   Processes that die, time     time, prove/, owners (first transaction), kafka/rights and kafka/outages on Apache Kafka
 *   Two engines                  owners, cli/state-directory
 *   Topics                       support/kafka-suites/topic-suite (here and on Apache Kafka), added-source, faults
 *   Rights and logins            rights, kafka/rights, kafka/security
 *   The state directory          state-disk, unit/checkpoint/recovery
 *   One job, two clusters        two-clusters, unit/checkpoint/recovery
 *
 * The rules of `real-kafka.md`: 1 time (clocks wrong by 30 days), 2 answers (decided, not visible), 3 and 4
 * transaction-suite and prove/scenarios/mutations, options (groups of witnesses), 5 topic-suite and time (witness gone), 6 time (idle
 * jobs), 7 and 8 unit slot, 9 prove/scenarios/mutations and time (epochs run out), 10 topic-suite, 11 owners (other cluster), time
 * (forgotten, rotated), 12 kafka/rights (many logins of one table), 13 topic-suite (one topic of a job deleted, new
 * partitions), 14 docs/kafka.md.
 */
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { kcatVersion, readCommitted } from '../../harness/kcat.ts'
import type { CliProcess, Workplace } from './cli.ts'
import { checkpointing, exactlyOnce, kafkaTable, produce } from './cli-kafka.ts'
import { TopicTool } from './kafka-topics.ts'

export interface CopyJobOptions {
  /** SET lines beyond the checkpoint interval. */
  readonly settings?: string
  readonly interval?: string
  readonly partitions?: number
  readonly sourceOptions?: Readonly<Record<string, string>>
  readonly sinkOptions?: Readonly<Record<string, string>>
  /** What the job connects to, where that is another listener than the test's. */
  readonly bootstrap?: string
  /** An existing source topic, for jobs that share one. */
  readonly source?: string
  readonly prefix?: string
  /** A second exactly-once sink, a topic of the same name on another cluster. */
  readonly mirror?: { readonly bootstrap: string; readonly prefix?: string }
}

export interface StartOptions {
  /** SET lines for this start only. */
  readonly settings?: string
  readonly failPoints?: string
  /** Another cluster than the job's own. */
  readonly bootstrap?: string
  /** Another topic, read from its end, whose records are copied too. */
  readonly addedSource?: string
  /** Below the workplace. */
  readonly stateDir?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export class CopyJob {
  readonly source: string
  readonly sink: string
  readonly prefix: string
  readonly tool: TopicTool
  readonly #place: Workplace
  readonly #bootstrap: string
  readonly #options: CopyJobOptions
  readonly #processes: CliProcess[] = []
  #numWritten = 0

  private constructor(place: Workplace, bootstrap: string, options: CopyJobOptions) {
    const name = randomUUID().slice(0, 8)
    this.source = options.source ?? `in_${name}`
    this.sink = `out_${name}`
    this.prefix = options.prefix ?? `job-${name}`
    this.tool = new TopicTool(bootstrap)
    this.#place = place
    this.#bootstrap = bootstrap
    this.#options = options
  }

  /** Makes the topics; nothing is started. */
  static async create(place: Workplace, bootstrap: string, options: CopyJobOptions = {}): Promise<CopyJob> {
    const job = new CopyJob(place, bootstrap, options)
    if (options.source === undefined) await job.tool.create(job.source, options.partitions ?? 1)
    await job.tool.create(job.sink, options.partitions ?? 1)
    return job
  }

  #sql({ settings: extra = '', addedSource, bootstrap: elsewhere }: StartOptions): string {
    const { interval, settings = '', sourceOptions, sinkOptions } = this.#options
    const bootstrap = elsewhere ?? this.#options.bootstrap ?? this.#bootstrap
    return `${checkpointing(interval)}SET 'pipeline.name' = 'copy';
SET 'restart-strategy.type' = 'fixed-delay';
SET 'restart-strategy.fixed-delay.attempts' = '10';
SET 'restart-strategy.fixed-delay.delay' = '100 ms';
${settings}
${extra}
${kafkaTable(this.source, bootstrap, sourceOptions)}
${kafkaTable(this.sink, bootstrap, { ...exactlyOnce(this.prefix), ...sinkOptions })}
${this.#inserts(addedSource)}`
  }

  #inserts(addedSource: string | undefined): string {
    const { mirror, bootstrap = this.#bootstrap } = this.#options
    const insert = (table: string): string => `INSERT INTO ${table} SELECT id, name FROM ${this.source};`
    if (addedSource !== undefined) {
      return `${kafkaTable(addedSource, bootstrap, { 'scan.startup.mode': 'latest-offset' })}
EXECUTE STATEMENT SET BEGIN
${insert(this.sink)}
INSERT INTO ${this.sink} SELECT id, name FROM ${addedSource};
END;`
    }
    if (mirror === undefined) return insert(this.sink)
    const options = { ...exactlyOnce(mirror.prefix ?? `${this.prefix}-mirror`), topic: this.sink }
    return `${kafkaTable('mirror', mirror.bootstrap, options)}
EXECUTE STATEMENT SET BEGIN
${insert(this.sink)}
${insert('mirror')}
END;`
  }

  async start(options: StartOptions = {}): Promise<CliProcess> {
    const { failPoints, stateDir = this.prefix, args = [], env = {} } = options
    const file = await this.#place.write(`${this.sink}.sql`, this.#sql(options))
    const started = this.#place.start(
      ['run', file, '--state-dir', stateDir, ...args],
      failPoints === undefined ? env : { ...env, MILLRACE_FAILPOINTS: failPoints },
    )
    this.#processes.push(started)
    return started
  }

  /** Starts it and waits until it runs. */
  async running(options: StartOptions = {}): Promise<CliProcess> {
    const started = await this.start(options)
    await started.untilStderr('job is running')
    return started
  }

  get numWritten(): number {
    return this.#numWritten
  }

  /** Writes the next numbers to one partition of the source. */
  async feed(count: number, partition = 0): Promise<void> {
    const first = this.#numWritten
    const values = Array.from({ length: count }, (_, i) => `{"id":${first + i},"name":"n${first + i}"}`)
    this.#numWritten += count
    await produce(this.#bootstrap, this.source, values, partition)
  }

  /** The committed numbers, sorted. */
  async committed(): Promise<number[]> {
    return numbersOf((await this.tool.read(this.sink)).map(({ value }) => value!))
  }

  /** Waits until `count` numbers (all that were written) are committed. */
  async untilCommitted(process: CliProcess, count: number = this.#numWritten): Promise<void> {
    await process.until(`${count} rows`, async () => (await this.committed()).length >= count)
  }

  /** Every number once, as we read the topic and, where it is installed, as librdkafka does. */
  async expectExact(from = 0): Promise<void> {
    const wanted = Array.from({ length: this.#numWritten - from }, (_, i) => from + i)
    await this.tool.untilDecided(this.sink)
    expect(await this.committed()).toEqual(wanted)
    if (kcatVersion() === null) return
    const byKcat = await readCommitted(this.#bootstrap, this.sink)
    expect(numbersOf(byKcat.map(({ value }) => value))).toEqual(wanted)
  }

  get lastWords(): string {
    return this.#processes.map(({ stderr }) => stderr.slice(-2_000)).join('\n---\n')
  }

  /** Ends whatever still runs. */
  async close(): Promise<void> {
    for (const started of this.#processes) await started.stop()
    await this.tool.close()
  }
}

const numbersOf = (values: readonly string[]): number[] =>
  values.map(value => (JSON.parse(value) as { id: number }).id).sort((a, b) => a - b)

/** For faults: only requests of the job; the test's own clients have other names. */
export const ofJob = ({ context }: { readonly context: { readonly clientId: string } }): boolean =>
  !context.clientId.startsWith('kafkajs') && context.clientId !== 'millrace-test'

const LIMIT_MS = 90_000

/** Runs a story on a job of its own and cleans up. One that hangs fails with what its processes said last. */
export async function withCopyJob(
  place: Workplace,
  bootstrap: string,
  options: CopyJobOptions,
  story: (job: CopyJob) => Promise<void>,
): Promise<void> {
  const job = await CopyJob.create(place, bootstrap, options)
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the job hangs:\n${job.lastWords}`)), LIMIT_MS)
  })
  try {
    await Promise.race([story(job), limit])
  } finally {
    clearTimeout(timer)
    await job.close()
  }
}
