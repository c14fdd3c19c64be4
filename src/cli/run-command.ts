/** `millrace run`: executes scripts, runs their jobs together, prints the rows of SELECTs, stops on signals. */

import type { Resume } from '../checkpoint/recovery.ts'
import { toMillraceError } from '../errors/index.ts'
import type { Job } from '../runtime/job/job.ts'
import { builtInConnectors, builtInFormats } from '../session/built-ins.ts'
import { launchJob, type PlannedJob } from '../session/planned-job.ts'
import { Session } from '../session/session.ts'
import type { StatementResult } from '../session/statement-result.ts'
import { type LiveView, startLogView, startTerminalView } from './live-view.ts'
import { createCliLogger, type LogFormat, type LogLevel } from './logging.ts'
import { createRowPrinter, printTable, type RowFormat } from './row-printer.ts'
import { paramLookup, parseAssignments, readScripts, type ScriptFlags } from './script-files.ts'
import { stopOnSignals } from './signals.ts'
import { StatusFile } from './status-file.ts'

export interface RunFlags extends ScriptFlags {
  readonly stateDir: string
  readonly resume: string
  readonly format?: RowFormat
  readonly statusFile?: string
  readonly logFormat?: LogFormat
  readonly logLevel: LogLevel
}

export const parseResume = (text: string): Resume =>
  text === 'latest' || text === 'none' ? { kind: text } : { kind: 'path', path: text }

export async function runCommand(files: readonly string[], flags: RunFlags): Promise<void> {
  const isTerminal = process.stderr.isTTY === true
  let view: LiveView | null = null
  const print = (line: string) => (view === null ? void process.stderr.write(`${line}\n`) : view.print(line))
  const logger = createCliLogger(flags.logFormat ?? (isTerminal ? 'text' : 'json'), flags.logLevel, print)
  const session = new Session({
    config: parseAssignments(flags.D, '-D'),
    findConnector: builtInConnectors,
    findFormat: builtInFormats,
    findParam: paramLookup(flags),
    logger,
  })
  const results: StatementResult[] = []
  for (const { source, baseName } of await readScripts(files, flags))
    results.push(...session.execute(source, baseName))
  for (const result of results) if (result.kind === 'table') printTable(result.columns, result.rows)
  const context = {
    state: { stateDir: flags.stateDir, resume: parseResume(flags.resume) },
    logger,
    findConnector: builtInConnectors,
    findFormat: builtInFormats,
  }
  const jobs = results.flatMap(result =>
    result.kind === 'job' ? [launchJob(result.job, context, null)] : [],
  )
  for (const job of jobs) job.wait().catch(() => {})
  const status = flags.statusFile === undefined ? null : new StatusFile(flags.statusFile, jobs)
  status?.start()
  if (jobs.length > 0) view = isTerminal ? startTerminalView(jobs) : startLogView(jobs, logger)
  const stop = stopOnSignals(jobs, logger)
  try {
    for (const result of results)
      if (result.kind === 'query') await runQuery(result.job, context, flags.format, stop)
    await waitForAll(jobs)
    status?.stop('finished')
  } catch (error) {
    status?.stop('failed')
    throw toMillraceError(error)
  } finally {
    view?.stop()
    view = null
    stop.release()
  }
}

/** The first failure stops the other jobs: a process whose half is dead must not look healthy. */
async function waitForAll(jobs: readonly Job[]): Promise<void> {
  try {
    await Promise.all(jobs.map(job => job.wait()))
  } catch (error) {
    await Promise.all(jobs.map(job => job.cancel({ retain: true })))
    throw error
  }
}

async function runQuery(
  planned: PlannedJob,
  context: Parameters<typeof launchJob>[1],
  format: RowFormat | undefined,
  stop: ReturnType<typeof stopOnSignals>,
): Promise<void> {
  const fields = planned.graph.nodes.find(node => node.kind === 'Collect')!.output
  const printer = createRowPrinter(
    format ?? (process.stdout.isTTY === true ? 'table' : 'json'),
    fields,
    process.stdout,
  )
  const job = launchJob(planned, context, printer)
  stop.addQuery(job)
  await job.wait()
  await printer.finish()
}
