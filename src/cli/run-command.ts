/** `millrace run`: executes scripts, runs their jobs together, prints the rows of SELECTs, stops on signals. */

import type { Resume } from '../checkpoint/recovery.ts'
import { toMillraceError } from '../errors/index.ts'
import type { Job } from '../runtime/job/job.ts'
import { builtInConnectors, builtInFormats } from '../session/built-ins.ts'
import { launchJob, type PlannedJob, prepareJob } from '../session/planned-job.ts'
import { Session } from '../session/session.ts'
import type { StatementResult } from '../session/statement-result.ts'
import { type LiveView, startLogView, startTerminalView } from './live-view.ts'
import { createCliLogger, type LogFormat, type LogLevel } from './logging.ts'
import { createRowPrinter, printTable, type RowFormat } from './row-printer.ts'
import { paramLookup, parseAssignments, readScripts, type ScriptFlags } from './script-files.ts'
import { stopOnSignals } from './signals.ts'
import { StatusFile } from './status-file.ts'
import { Timings } from './timings.ts'
import { trimMemoryAtRest } from './trim-memory.ts'

export interface RunFlags extends ScriptFlags {
  readonly stateDir: string
  readonly resume: string
  readonly format?: RowFormat
  readonly statusFile?: string
  readonly logFormat?: LogFormat
  readonly logLevel: LogLevel
  readonly timings?: boolean
}

export const parseResume = (text: string): Resume =>
  text === 'latest' || text === 'none' ? { kind: text } : { kind: 'path', path: text }

export async function runCommand(files: readonly string[], flags: RunFlags): Promise<void> {
  const isTerminal = process.stderr.isTTY === true
  let view: LiveView | null = null
  const print = (line: string) => (view === null ? void process.stderr.write(`${line}\n`) : view.print(line))
  const timings = flags.timings === true ? new Timings(print) : null
  timings?.lap('load modules')
  const logger = createCliLogger(flags.logFormat ?? (isTerminal ? 'text' : 'json'), flags.logLevel, print)
  const session = new Session({
    config: parseAssignments(flags.D, '-D'),
    findConnector: builtInConnectors,
    findFormat: builtInFormats,
    findParam: paramLookup(flags),
    logger,
    onParsed: () => timings?.lap('parse'),
  })
  const results: StatementResult[] = []
  for (const { source, baseName } of await readScripts(files, flags)) {
    results.push(...session.execute(source, baseName))
    timings?.lap('plan')
  }
  for (const result of results) if (result.kind === 'table') printTable(result.columns, result.rows)
  const context = {
    state: { stateDir: flags.stateDir, resume: parseResume(flags.resume) },
    logger,
    findConnector: builtInConnectors,
    findFormat: builtInFormats,
  }
  const starts = results.flatMap(result =>
    result.kind === 'job' ? [prepareJob(result.job, context, null)] : [],
  )
  const jobs = starts.map(start => start())
  for (const job of jobs) job.wait().catch(() => {})
  const status = flags.statusFile === undefined ? null : new StatusFile(flags.statusFile, jobs)
  const stop = stopOnSignals(jobs, logger, isTerminal && flags.logFormat !== 'json' ? print : null)
  if (jobs.length > 0) view = isTerminal ? await startTerminalView(jobs) : startLogView(jobs, logger)
  const trimming = trimMemoryAtRest()
  const queries = results.flatMap(result => (result.kind === 'query' ? [result.job] : []))
  if (results.length === 0) logger.warn('nothing to run: there are no statements', { files })
  try {
    status?.start()
    if (queries.length === 0) timings?.watchJobs(jobs)
    await runAll(jobs, queries, stop, planned => runQuery(planned, context, flags.format, stop, timings))
    status?.stop('finished')
  } catch (error) {
    await Promise.all(jobs.map(job => job.cancel({ retain: true })))
    status?.stop('failed')
    throw toMillraceError(error)
  } finally {
    timings?.print()
    view?.stop()
    view = null
    trimming.stop()
    stop.release()
  }
}

/**
 * Queries run one after another, beside the jobs. The first failure stops everything: a process whose half is dead
 * must not look healthy.
 */
async function runAll(
  jobs: readonly Job[],
  queries: readonly PlannedJob[],
  stop: { readonly stopping: boolean },
  launchQuery: (planned: PlannedJob) => RunningQuery,
): Promise<void> {
  let current: RunningQuery | null = null
  let failed = false
  const runQueries = async () => {
    for (const planned of queries) {
      if (failed || stop.stopping) return
      current = launchQuery(planned)
      await current.ended
    }
  }
  try {
    await Promise.all([runQueries(), ...jobs.map(job => job.wait())])
  } catch (error) {
    failed = true
    await Promise.all([
      (current as RunningQuery | null)?.job.cancel(),
      ...jobs.map(job => job.cancel({ retain: true })),
    ])
    throw error
  }
}

interface RunningQuery {
  readonly job: Job
  /** Resolves when all rows are printed. */
  readonly ended: Promise<void>
}

function runQuery(
  planned: PlannedJob,
  context: Parameters<typeof launchJob>[1],
  format: RowFormat | undefined,
  stop: ReturnType<typeof stopOnSignals>,
  timings: Timings | null,
): RunningQuery {
  const { stdout } = process
  const fields = planned.graph.nodes.find(node => node.kind === 'Collect')!.output
  const printer = createRowPrinter(format ?? (stdout.isTTY === true ? 'table' : 'json'), fields, stdout)
  const job = launchJob(planned, context, timings?.watchRows(printer) ?? printer)
  if (timings !== null) job.onRecovered = () => timings.lap('connect')
  stop.addQuery(job)
  const cancel = () => void job.cancel()
  stdout.once('error', cancel)
  const ended = job
    .wait()
    .then(() => printer.finish())
    .finally(() => stdout.off('error', cancel))
  return { job, ended }
}
