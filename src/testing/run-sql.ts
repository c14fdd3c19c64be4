/**
 * Runs a SQL script over arrays: the tables named in `inputs` are read from them, every other table that is written
 * is caught. Connectors of the script are not touched, so the file that runs in production runs in a unit test.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CatalogTable } from '../catalog/index.ts'
import { registerValues, removeValues, type ValuesElement, ValuesTable } from '../connectors/values/index.ts'
import { type Logger, silentLogger } from '../logger/logger.ts'
import { builtInConnectors, builtInFormats } from '../session/built-ins.ts'
import type { Change } from '../session/changelog-queue.ts'
import { launchJob } from '../session/planned-job.ts'
import { Query } from '../session/query.ts'
import { Session } from '../session/session.ts'
import type { JsRow } from '../types/js-value.ts'

/** A row, a change (`{ kind, row }`), or `{ watermark }` in epoch ms behind the rows before it. */
export type InputElement = JsRow | ValuesElement

export interface RunSqlOptions {
  readonly sql: string
  /** By table name; a table with several lists has several splits. */
  readonly inputs?: Readonly<Record<string, readonly InputElement[]>>
  /** Values of `${NAME}`. */
  readonly params?: Readonly<Record<string, string>>
  /** Settings in force from the start; the script's SETs win. */
  readonly config?: Readonly<Record<string, string>>
  readonly logger?: Logger
}

export interface SqlRun {
  /** What each sink table got, in order; the changes of a top-level SELECT are under `result`. */
  readonly changes: Readonly<Record<string, readonly Change[]>>
}

const isElement = (input: InputElement): input is ValuesElement =>
  ('watermark' in input && Object.keys(input).length === 1) ||
  ('row' in input && typeof input['row'] === 'object')

/** Runs to the end of all inputs. Throws the MillraceError of a wrong script or a failed job. */
export async function runSql(options: RunSqlOptions): Promise<SqlRun> {
  const tables = new TestTables(options.inputs ?? {})
  const stateDir = await mkdtemp(join(tmpdir(), 'millrace-test-'))
  const logger = options.logger ?? silentLogger
  try {
    const session = new Session({
      config: options.config ?? {},
      logger,
      findConnector: builtInConnectors,
      findFormat: builtInFormats,
      findParam: name => options.params?.[name],
      adaptTable: table => tables.adapt(table),
    })
    const results = session.execute({ text: options.sql, name: '<test>' }, 'test')
    const context = {
      state: { stateDir, resume: { kind: 'latest' as const } },
      logger,
      findConnector: builtInConnectors,
      findFormat: builtInFormats,
    }
    const selected: Change[] = []
    const jobs = results.flatMap(result =>
      result.kind === 'job' ? [launchJob(result.job, context, null)] : [],
    )
    await Promise.all(jobs.map(job => job.wait()))
    for (const result of results) {
      if (result.kind !== 'query') continue
      for await (const change of new Query(result.job, context).changelog()) selected.push(change)
    }
    return { changes: { ...tables.changes(), ...(selected.length > 0 ? { result: selected } : {}) } }
  } finally {
    tables.close()
    await rm(stateDir, { recursive: true, force: true })
  }
}

/** `values` tables in place of the script's. */
class TestTables {
  readonly #inputs: Readonly<Record<string, readonly InputElement[]>>
  readonly #run = randomUUID()
  readonly #tables = new Map<string, ValuesTable>()

  constructor(inputs: Readonly<Record<string, readonly InputElement[]>>) {
    this.#inputs = inputs
  }

  adapt(table: CatalogTable): CatalogTable {
    const name = table.path[2]
    const id = this.#idOf(name)
    const elements = (this.#inputs[name] ?? []).map(
      (input): ValuesElement => (isElement(input) ? input : { row: input }),
    )
    this.#tables.set(name, registerValues(id, new ValuesTable([elements])))
    const kinds = elements.some(element => 'kind' in element && element.kind !== '+I') ? 'I,UB,UA,D' : 'I'
    const isUpsert = table.options['connector'] === 'upsert-kafka'
    const options = {
      connector: 'values',
      'data-id': id,
      'changelog-mode': kinds,
      'sink.changelog-mode': isUpsert ? 'I,UA,D' : isAppendOnly(table) ? 'I' : 'I,UB,UA,D',
    }
    return { ...table, options }
  }

  #idOf(name: string): string {
    return `${this.#run}.${name}`
  }

  changes(): Record<string, readonly Change[]> {
    const written = [...this.#tables].filter(
      ([name, table]) => this.#inputs[name] === undefined || table.changes.length > 0,
    )
    return Object.fromEntries(written.map(([name, table]) => [name, table.changes as readonly Change[]]))
  }

  close(): void {
    for (const [name, table] of this.#tables) {
      table.end()
      removeValues(this.#idOf(name))
    }
  }
}

/** Sinks that take inserts only stay so, so that a wrong query is refused in the test too. */
const isAppendOnly = (table: CatalogTable): boolean =>
  ['kafka', 'filesystem'].includes(table.options['connector'] ?? '')
