import { nearestName, validationError } from '../errors/index.ts'
import type { CatalogDatabase, CatalogObject } from './catalog-object.ts'

export const DEFAULT_CATALOG = 'default_catalog'
export const DEFAULT_DATABASE = 'default_database'

interface Database {
  info: CatalogDatabase
  readonly objects: Map<string, CatalogObject>
}

/** Databases with their tables and views, in memory (Flink's `generic_in_memory`). Names are case-sensitive. */
export class MemoryCatalog {
  readonly name: string
  readonly options: Readonly<Record<string, string>>
  readonly comment: string | undefined
  readonly #databases = new Map<string, Database>()

  constructor(
    name: string,
    databases: readonly string[] = [DEFAULT_DATABASE],
    options: Readonly<Record<string, string>> = { type: 'generic_in_memory' },
    comment?: string,
  ) {
    this.name = name
    this.options = options
    this.comment = comment
    for (const database of databases) this.createDatabase({ name: database, options: {} })
  }

  databaseNames(): readonly string[] {
    return [...this.#databases.keys()]
  }

  findDatabase(name: string): CatalogDatabase | undefined {
    return this.#databases.get(name)?.info
  }

  createDatabase(database: CatalogDatabase): void {
    if (this.#databases.has(database.name)) {
      throw validationError(
        'MR_CATALOG_DATABASE_EXISTS',
        `database '${this.name}.${database.name}' already exists`,
      )
    }
    this.#databases.set(database.name, { info: database, objects: new Map() })
  }

  replaceDatabase(database: CatalogDatabase): void {
    this.#database(database.name).info = database
  }

  /** Refuses a database that holds objects, unless `cascade`. */
  dropDatabase(name: string, cascade: boolean): void {
    const database = this.#database(name)
    if (database.objects.size > 0 && !cascade) {
      throw validationError(
        'MR_CATALOG_DATABASE_NOT_EMPTY',
        `database '${this.name}.${name}' holds ${database.objects.size} tables or views`,
        { hint: 'drop them first, or say DROP DATABASE … CASCADE' },
      )
    }
    this.#databases.delete(name)
  }

  find(database: string, name: string): CatalogObject | undefined {
    return this.#databases.get(database)?.objects.get(name)
  }

  /** Puts an object in, over one of the same name. */
  put(object: CatalogObject): void {
    this.#database(object.path[1]).objects.set(object.path[2], object)
  }

  remove(database: string, name: string): void {
    this.#database(database).objects.delete(name)
  }

  objects(database: string): readonly CatalogObject[] {
    return [...this.#database(database).objects.values()]
  }

  #database(name: string): Database {
    const database = this.#databases.get(name)
    if (database !== undefined) return database
    throw validationError('MR_CATALOG_UNKNOWN_DATABASE', `database '${this.name}.${name}' does not exist`, {
      nearest: nearestName(name, this.#databases.keys()),
    })
  }
}
