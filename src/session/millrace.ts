/**
 * The library. A guest in its host's process: it never exits, installs no process handlers, and logs only through
 * the logger it is given (design.md §9).
 *
 *     await using millrace = new Millrace()
 *     millrace.execute("CREATE TABLE clicks (…) WITH ('connector' = 'kafka', …)")
 *     for await (const row of millrace.query('SELECT ip, COUNT(*) AS n FROM clicks GROUP BY ip')) console.log(row)
 */
import { randomUUID } from 'node:crypto'
import type { Resume } from '../checkpoint/recovery.ts'
import { type IterableInput, registerIterable, removeIterable } from '../connectors/async-iterable/index.ts'
import { type ChangeCallback, registerCallback, removeCallback } from '../connectors/callback/index.ts'
import { validationError } from '../errors/index.ts'
import { type Logger, silentLogger } from '../logger/logger.ts'
import type { Job } from '../runtime/job/job.ts'
import { builtInConnectors, builtInFormats } from './built-ins.ts'
import { type LaunchContext, prepareJob } from './planned-job.ts'
import { Query } from './query.ts'
import { Session } from './session.ts'
import type { StatementResult } from './statement-result.ts'

export interface MillraceOptions {
  /** Where checkpoints are kept. Default `./.millrace`. */
  readonly stateDir?: string
  /** Settings in force from the start, as SET makes them. */
  readonly config?: Readonly<Record<string, string>>
  /** Values of `${NAME}` in SQL; the environment is not looked at. */
  readonly params?: Readonly<Record<string, string>>
  /** Silent unless given. pino's loggers can be adapted in a few lines: see docs/library.md. */
  readonly logger?: Logger
}

export interface ExecuteOptions {
  /** Part of default job names; default `query`. */
  readonly name?: string
  /** What jobs start from: `latest` (default), `none`, or the path of a checkpoint or savepoint. */
  readonly resume?: 'latest' | 'none' | (string & {})
  /** Cancels the jobs that were started. */
  readonly signal?: AbortSignal
}

export interface Execution {
  /** One handle per bare INSERT or statement set, in order. */
  readonly jobs: readonly Job[]
  /** Answers of SHOW, DESCRIBE, EXPLAIN and SET, in order. */
  readonly tables: readonly {
    readonly columns: readonly string[]
    readonly rows: readonly (readonly (string | null)[])[]
  }[]
}

export interface SourceTableOptions {
  /** Columns, watermark and key, as in CREATE TABLE: `id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts`. */
  readonly columns: string
  /** The rows. A function is called again after a restart with the number of elements to skip. */
  readonly rows: IterableInput
}

export interface SinkTableOptions {
  /** Columns and key, as in CREATE TABLE. */
  readonly columns: string
  /** Gets every change in order; a promise it returns is awaited before the next. */
  readonly onChange: ChangeCallback
}

export class Millrace implements AsyncDisposable {
  readonly #session: Session
  readonly #stateDir: string
  readonly #logger: Logger
  readonly #jobs = new Set<Job>()
  readonly #cleanups: (() => void)[] = []
  #closed = false

  constructor(options: MillraceOptions = {}) {
    this.#stateDir = options.stateDir ?? './.millrace'
    this.#logger = options.logger ?? silentLogger
    const params = options.params ?? {}
    this.#session = new Session({
      config: options.config ?? {},
      logger: this.#logger,
      findConnector: builtInConnectors,
      findFormat: builtInFormats,
      findParam: name => params[name],
    })
  }

  /**
   * Executes a script; its INSERTs are started, after all of it was planned. Throws the MillraceError of the first
   * wrong statement. SELECT has no place here: see `query`.
   */
  execute(sql: string, options: ExecuteOptions = {}): Execution {
    const results = this.#plan(sql, options.name)
    const query = results.find(result => result.kind === 'query')
    if (query !== undefined) {
      throw validationError(
        'MR_LIBRARY_SELECT',
        'execute() does not take a SELECT: nobody would read its rows',
        {
          hint: 'use query(sql), or INSERT INTO a table',
        },
      )
    }
    const context = this.#context(options.resume)
    const starts = results.flatMap(result =>
      result.kind === 'job' ? [prepareJob(result.job, context, null)] : [],
    )
    const jobs = starts.map(start => this.#track(start(), options.signal))
    return { jobs, tables: results.filter(result => result.kind === 'table') }
  }

  /** Starts one SELECT. Read it with `for await`; leaving the loop, or the signal, cancels it. */
  query(sql: string, options: Pick<ExecuteOptions, 'signal'> = {}): Query {
    const [result, ...others] = this.#plan(sql)
    if (result?.kind !== 'query' || others.length > 0) {
      throw validationError('MR_LIBRARY_NOT_SELECT', 'query() takes exactly one SELECT', {
        hint: 'use execute(sql) for other statements',
      })
    }
    const query = new Query(result.job, this.#context(undefined))
    this.#track(query.job, options.signal)
    return query
  }

  /** Makes a source table fed by an async iterable of this process. */
  createSource(name: string, options: SourceTableOptions): void {
    this.#checkOpen()
    const id = randomUUID()
    registerIterable(id, options.rows)
    this.#cleanups.push(() => removeIterable(id))
    this.#createTable(name, options.columns, 'async-iterable', id)
  }

  /** Makes a sink table whose changes go to a function of this process. */
  createSink(name: string, options: SinkTableOptions): void {
    this.#checkOpen()
    const id = randomUUID()
    registerCallback(id, options.onChange)
    this.#cleanups.push(() => removeCallback(id))
    this.#createTable(name, options.columns, 'callback', id)
  }

  #createTable(name: string, columns: string, connector: string, id: string): void {
    const quoted = `\`${name.replaceAll('`', '``')}\``
    this.#plan(
      `CREATE TEMPORARY TABLE ${quoted} (\n${columns}\n) WITH ('connector' = '${connector}', 'data-id' = '${id}')`,
    )
  }

  #plan(sql: string, name?: string): readonly StatementResult[] {
    this.#checkOpen()
    return this.#session.execute({ text: sql, name: '<sql>' }, name)
  }

  #checkOpen(): void {
    if (this.#closed) throw validationError('MR_LIBRARY_CLOSED', 'this Millrace was closed')
  }

  #context(resume: string | undefined): LaunchContext {
    return {
      state: { stateDir: this.#stateDir, resume: resumeOf(resume) },
      logger: this.#logger,
      findConnector: builtInConnectors,
      findFormat: builtInFormats,
    }
  }

  #track(job: Job, signal: AbortSignal | undefined): Job {
    this.#jobs.add(job)
    const cancel = () => void job.cancel()
    if (signal?.aborted === true) cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    const forget = () => {
      this.#jobs.delete(job)
      signal?.removeEventListener('abort', cancel)
    }
    job.wait().then(forget, forget)
    return job
  }

  /** Cancels what still runs and waits for it. Checkpoints stay. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#jobs].map(job => job.cancel({ retain: true })))
    for (const cleanup of this.#cleanups) cleanup()
    this.#cleanups.length = 0
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

const resumeOf = (resume: string | undefined): Resume =>
  resume === undefined || resume === 'latest'
    ? { kind: 'latest' }
    : resume === 'none'
      ? { kind: 'none' }
      : { kind: 'path', path: resume }
