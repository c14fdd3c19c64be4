/**
 * One user's conversation: catalog, settings, and the statements executed one after another. Statements change the
 * session at once; jobs and queries are only planned, so that an error further down a script has started nothing.
 */
import { Catalog, type CatalogTable, Config, redactOptions } from '../catalog/index.ts'
import type { Connector } from '../connectors/contract/index.ts'
import { findConnector } from '../connectors/registry.ts'
import { MillraceError, type SourceText, validationError } from '../errors/index.ts'
import type { Format } from '../formats/format.ts'
import type { Logger } from '../logger/logger.ts'
import { parseScript, type Statement, substituteParams } from '../parser/index.ts'
import type { FindCapabilities } from '../planner/index.ts'
import { executeStatement } from './executors/statement-executors.ts'
import type { StatementResult } from './statement-result.ts'
import { TableOrigins } from './table-origins.ts'

export interface SessionOptions {
  /** Settings in force from the start, as SET would make them. */
  readonly config?: Readonly<Record<string, string>>
  readonly logger: Logger
  findConnector(name: string): Connector | undefined
  findFormat(name: string): Format | undefined
  /** Values of `${NAME}` in scripts. */
  findParam?(name: string): string | undefined
  /** Changes a table on its way into the catalog: the test kit puts rows of arrays in place of topics. */
  adaptTable?(table: CatalogTable): CatalogTable
  /** Called when a script is parsed, before its first statement is executed. */
  onParsed?(): void
}

/** The parser reads a chain of operators of any length; what walks the tree afterwards goes down one level for each. */
const tooLong = ({ position }: Statement, source: SourceText): MillraceError =>
  validationError(
    'MR_PLAN_TOO_DEEP',
    'this statement has an expression that is too long or nested too deeply',
    {
      position,
      source,
      hint: 'write a long chain of OR as IN (…), or split the expression over views',
    },
  )

export class Session {
  readonly catalog = new Catalog()
  readonly config: Config
  readonly logger: Logger
  readonly findCapabilities: FindCapabilities
  /** Where tables were written, for errors about their options. */
  readonly origins = new TableOrigins()
  readonly #options: SessionOptions
  /** Names of jobs planned so far: each job of a session has a state directory of its own. */
  readonly #jobNames = new Set<string>()

  constructor(options: SessionOptions) {
    this.#options = options
    this.logger = options.logger
    this.config = new Config(options.config)
    this.findCapabilities = table => {
      const name = table.options['connector'] ?? ''
      try {
        const connector = options.findConnector(name) ?? findConnector(name)
        return connector.capabilities({ ...table, name: this.#shortName(table.name) }, options.findFormat)
      } catch (error) {
        throw this.origins.locate(error, table.name)
      }
    }
  }

  /**
   * Executes a script. `baseName` is part of the default names of its jobs. Throws the MillraceError of the first
   * statement that is wrong, with source text and position.
   */
  execute(source: SourceText, baseName = 'query'): readonly StatementResult[] {
    const substituted = substituteParams(source, name => this.#options.findParam?.(name))
    this.origins.addScript(substituted)
    try {
      const statements = parseScript(substituted.source)
      this.#options.onParsed?.()
      return statements.map(statement => this.#executeOne(statement, substituted.source, baseName))
    } catch (error) {
      throw error instanceof MillraceError ? this.origins.restore(error, substituted) : error
    }
  }

  #executeOne(statement: Statement, source: SourceText, baseName: string): StatementResult {
    try {
      return executeStatement(statement, {
        session: this,
        source,
        planner: { catalog: this.catalog, config: this.config, findCapabilities: this.findCapabilities },
        jobName: sinks => this.#jobName(baseName, sinks),
      })
    } catch (error) {
      if (error instanceof RangeError && /call stack/.test(error.message)) throw tooLong(statement, source)
      if (!(error instanceof MillraceError)) throw error
      const { position } = error.details
      throw position === undefined ? error.withPosition(statement.position, source) : error.withSource(source)
    }
  }

  /** As the user may write it: without the current catalog and database. */
  #shortName(path: string): string {
    const { currentCatalog, currentDatabase } = this.catalog
    const current = `${currentCatalog}.${currentDatabase}.`
    return path.startsWith(current) ? path.slice(current.length) : path
  }

  /** `pipeline.name`, else file name and sink tables; a second job of the same name gets its sinks added. */
  #jobName(baseName: string, sinks: readonly string[]): string {
    const wanted = this.config.optionalString('pipeline.name') ?? [baseName, ...sinks].join('.')
    let name = wanted
    if (this.#jobNames.has(name)) name = [wanted, ...sinks].join('.')
    for (let n = 2; this.#jobNames.has(name); n++) name = [wanted, ...sinks, n].join('.')
    this.#jobNames.add(name)
    return name
  }

  adaptTable(table: CatalogTable): CatalogTable {
    return this.#options.adaptTable?.(table) ?? table
  }

  /** Everything that was SET, secrets replaced. */
  settings(): Readonly<Record<string, string>> {
    return redactOptions(this.config.entries())
  }
}
