/**
 * Where the tables of a session were written. A wrong option is found when a statement uses the table; the error
 * points at the option in the CREATE TABLE, which may stand in an earlier file, and shows `${NAME}`, never a value.
 */
import { MillraceError, type SourceText } from '../errors/index.ts'
import type { CreateTable, SubstitutedSource } from '../parser/index.ts'

interface Origin {
  readonly statement: CreateTable
  readonly source: SourceText
}

export class TableOrigins {
  readonly #tables = new Map<string, Origin>()
  readonly #scripts = new Map<SourceText, SubstitutedSource>()

  addScript(script: SubstitutedSource): void {
    this.#scripts.set(script.source, script)
  }

  addTable(path: readonly string[], statement: CreateTable, source: SourceText): void {
    this.#tables.set(path.join('.'), { statement, source })
  }

  /** The error at the option it names, else at the table's name; as it is when it has a position or is foreign. */
  locate(error: unknown, path: string): unknown {
    const origin = this.#tables.get(path)
    if (origin === undefined || !(error instanceof MillraceError) || error.details.position !== undefined)
      return error
    const { statement, source } = origin
    const property = statement.options.find(({ key }) => key.value === error.details.option)
    return error.withPosition((property ?? statement.name.at(-1)!).position, source)
  }

  /** The error about the text the user wrote, of whichever script it is. */
  restore(error: MillraceError, current: SubstitutedSource): MillraceError {
    const { source } = error.details
    return ((source && this.#scripts.get(source)) ?? current).restore(error)
  }
}
