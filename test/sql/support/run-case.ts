/** Runs one case in one variant, and prints what its sinks hold. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogTable } from '../../../src/catalog/index.ts'
import { jsonOf } from '../../../src/cli/row-printer.ts'
import { foldChanges } from '../../../src/testing/index.ts'
import type { JsRow } from '../../../src/types/index.ts'
import { allEnded } from '../../support/all-ended.ts'
import { ScriptSession } from '../../support/script/script-session.ts'
import { type ScriptChange, ScriptWorld } from '../../support/script/script-world.ts'
import type { SqlCase, SqlFile } from './sql-file.ts'
import { configOf, type Variant } from './variants.ts'

export interface CaseResult {
  /** By sink, committed changes in order. */
  readonly changes: ReadonlyMap<string, readonly ScriptChange[]>
  readonly session: ScriptSession
  readonly late: number
  /** Injected. */
  readonly numFailures: number
}

export async function runCase(file: SqlFile, sqlCase: SqlCase, variant: Variant): Promise<CaseResult> {
  const world = new ScriptWorld({
    rowsPerBatch: variant.rowsPerBatch,
    ...(variant.chaosSeed === undefined ? {} : { chaosSeed: variant.chaosSeed }),
  })
  for (const [name, table] of file.inputs) world.tables.set(name, table)
  const stateDir = await mkdtemp(join(tmpdir(), 'millrace-sql-'))
  try {
    for (const { elements, parallelism } of variant.stops ?? [])
      await readAndStop(file, sqlCase, world, { ...variant, parallelism }, elements, stateDir)
    world.unbounded = false
    const session = new ScriptSession(world, configOf(variant))
    session.execute(file.setup)
    const jobs = session.plan(sqlCase.sql).map(planned => session.launch(planned, stateDir))
    await allEnded(jobs.map(job => job.wait()))
    const late = jobs.reduce((sum, job) => sum + job.metrics().numLateRecordsDropped, 0)
    return { changes: world.committed, session, late, numFailures: world.numFailures }
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
}

/** Runs until the first `elements` of every split were read, then stops every job with a savepoint. */
async function readAndStop(
  file: SqlFile,
  sqlCase: SqlCase,
  world: ScriptWorld,
  variant: Variant,
  elements: number,
  stateDir: string,
): Promise<void> {
  world.unbounded = true
  world.allow(elements)
  const session = new ScriptSession(world, configOf(variant))
  session.execute(file.setup)
  const stopped = session.plan(sqlCase.sql).map(async planned => {
    const tables = planned.graph.nodes.flatMap(node => (node.kind === 'Scan' ? [node.table.path[2]] : []))
    const splits = tables.flatMap(table => world.tables.get(table)?.splits ?? [])
    const rest = splits.reduce((sum, split) => sum + Math.max(0, split.length - elements), 0)
    const job = session.launch(planned, stateDir)
    if (tables.length === 0) return job.wait()
    await job.started()
    const pending = () =>
      job.metrics().sources.reduce((sum, { pendingRecords }) => sum + (pendingRecords ?? 0), 0)
    while (job.status === 'RUNNING' && pending() !== rest) await sleep(2)
    return job.status === 'FAILED' ? job.wait() : job.stopWithSavepoint()
  })
  await allEnded(stopped)
}

const tableOf = (session: ScriptSession, name: string): CatalogTable | undefined => {
  const object = session.session.catalog.find(['default_catalog', 'default_database', name])
  return object?.kind === 'table' ? object : undefined
}

const valuesOf = (row: JsRow): string => `[${Object.values(row).map(jsonOf).join(', ')}]`

export const printChangelog = (result: CaseResult, sink: string): string[] =>
  (result.changes.get(sink) ?? []).map(({ kind, row }) => `${kind} ${valuesOf(row)}`)

/** What a reader of the sink holds in the end: by key where the sink is an upsert sink. */
export function finalRows(result: CaseResult, sink: string): JsRow[] {
  const table = tableOf(result.session, sink)
  const isUpsert = table?.options['sink.changelog-mode'] === 'upsert'
  return foldChanges(result.changes.get(sink) ?? [], isUpsert ? table.schema.primaryKey?.columns : undefined)
}

export const printFinal = (result: CaseResult, sink: string): string[] =>
  finalRows(result, sink).map(valuesOf).toSorted()
