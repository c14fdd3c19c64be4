/** A plan that is ready to start, with the settings that were in force where its statement stood. */
import { type Config, redactSql } from '../catalog/index.ts'
import type { Connector } from '../connectors/contract/index.ts'
import type { Format } from '../formats/format.ts'
import type { Logger } from '../logger/logger.ts'
import { type PlanGraph, redactGraph } from '../planner/index.ts'
import { Job } from '../runtime/job/job.ts'
import type { RowCollector } from '../runtime/operators/collect.ts'
import { version } from '../version/version.ts'
import { builtInConnectors, builtInFormats } from './built-ins.ts'
import { jobConfig, type StateSettings } from './job-settings.ts'
import { threadEntry } from './thread-entry.ts'

export interface PlannedJob {
  readonly name: string
  readonly graph: PlanGraph
  /** A snapshot: later SETs do not reach it. */
  readonly config: Config
  /** The statement as written, secrets and all: never print it. */
  readonly sql: string
  /** Every stage of the plan as text. */
  explain(changelogMode: boolean): string
}

export interface LaunchContext {
  readonly state: StateSettings
  readonly logger: Logger
  findConnector(name: string): Connector | undefined
  findFormat(name: string): Format | undefined
  now?(): number
  /** The module of worker threads, when it is not the built-in one: it must find the same connectors. */
  readonly threadEntry?: URL
}

let numLaunched = 0

/** A host with connectors or a clock of its own stays in one thread: neither can be found from another. */
function entryOf({ findConnector, findFormat, now, threadEntry: own }: LaunchContext): URL | null {
  if (own !== undefined) return own
  const isBuiltIn = findConnector === builtInConnectors && findFormat === builtInFormats
  return isBuiltIn && now === undefined ? threadEntry : null
}

/**
 * Checks everything that can be checked before anything runs, and returns what starts the job. `collector` takes the
 * rows of a SELECT. Throws the ConfigError of a setting that cannot be.
 */
export function prepareJob(
  planned: PlannedJob,
  context: LaunchContext,
  collector: RowCollector | null,
): () => Job {
  const settings = jobConfig(planned.config, planned.name, context.state)
  // A query read by this process starts anew each time: its rows went to a reader that is gone.
  const config = collector === null ? settings : { ...settings, stateDirectory: null }
  return () =>
    new Job(`${process.pid}-${++numLaunched}`, {
      graph: planned.graph,
      config,
      sql: redactSql(planned.sql),
      storedPlan: redactGraph(planned.graph),
      engineVersion: version,
      collector,
      logger: context.logger.child({ job: planned.name }),
      findConnector: context.findConnector,
      findFormat: context.findFormat,
      threadEntry: entryOf(context),
      ...(context.now === undefined ? {} : { now: context.now }),
    })
}

/** Starts the job at once. */
export const launchJob = (planned: PlannedJob, context: LaunchContext, collector: RowCollector | null): Job =>
  prepareJob(planned, context, collector)()
