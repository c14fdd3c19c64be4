/**
 * One session's view of all catalogs: the current catalog and database, name resolution, and temporary objects,
 * which shadow permanent ones of the same path. Errors carry no position; whoever knows it adds it.
 */
import { nearestName, validationError } from '../errors/index.ts'
import { type CatalogDatabase, type CatalogObject, type ObjectPath, pathToString } from './catalog-object.ts'
import { DEFAULT_CATALOG, DEFAULT_DATABASE, MemoryCatalog } from './memory-catalog.ts'

export class Catalog {
  readonly #catalogs = new Map<string, MemoryCatalog>()
  readonly #temporary = new Map<string, CatalogObject>()
  #currentCatalog = DEFAULT_CATALOG
  #currentDatabase: string = DEFAULT_DATABASE

  constructor() {
    this.#catalogs.set(DEFAULT_CATALOG, new MemoryCatalog(DEFAULT_CATALOG))
  }

  get currentCatalog(): string {
    return this.#currentCatalog
  }

  get currentDatabase(): string {
    return this.#currentDatabase
  }

  useCatalog(name: string): void {
    const databases = this.getCatalog(name).databaseNames()
    this.#currentCatalog = name
    this.#currentDatabase = databases[0] ?? DEFAULT_DATABASE
  }

  /** `[database]` or `[catalog, database]`. */
  useDatabase(parts: readonly string[]): void {
    const [catalog, database] = this.resolveDatabase(parts)
    this.#currentCatalog = catalog
    this.#currentDatabase = database
  }

  catalogNames(): readonly string[] {
    return [...this.#catalogs.keys()]
  }

  findCatalog(name: string): MemoryCatalog | undefined {
    return this.#catalogs.get(name)
  }

  getCatalog(name: string): MemoryCatalog {
    const catalog = this.#catalogs.get(name)
    if (catalog !== undefined) return catalog
    throw validationError('MR_CATALOG_UNKNOWN_CATALOG', `catalog '${name}' does not exist`, {
      nearest: nearestName(name, this.#catalogs.keys()),
    })
  }

  addCatalog(catalog: MemoryCatalog): void {
    if (this.#catalogs.has(catalog.name)) {
      throw validationError('MR_CATALOG_EXISTS', `catalog '${catalog.name}' already exists`)
    }
    this.#catalogs.set(catalog.name, catalog)
  }

  dropCatalog(name: string): void {
    this.getCatalog(name)
    if (name === this.#currentCatalog) {
      throw validationError('MR_CATALOG_IN_USE', `catalog '${name}' is the current one`, {
        hint: 'USE CATALOG another one first',
      })
    }
    this.#catalogs.delete(name)
    for (const [key, object] of this.#temporary) if (object.path[0] === name) this.#temporary.delete(key)
  }

  createDatabase(parts: readonly string[], info: Omit<CatalogDatabase, 'name'>): void {
    const [catalog, name] = this.#databasePath(parts)
    this.getCatalog(catalog).createDatabase({ ...info, name })
  }

  /** The existing database meant by one or two name parts. */
  resolveDatabase(parts: readonly string[]): readonly [catalog: string, database: string] {
    const [catalogName, name] = this.#databasePath(parts)
    const catalog = this.getCatalog(catalogName)
    if (catalog.findDatabase(name) === undefined) {
      throw validationError(
        'MR_CATALOG_UNKNOWN_DATABASE',
        `database '${catalogName}.${name}' does not exist`,
        {
          nearest: nearestName(name, catalog.databaseNames()),
        },
      )
    }
    return [catalogName, name]
  }

  /** The full path a name of one to three parts means now, whether or not something is there. */
  resolvePath(
    parts: readonly string[],
    context: readonly [string, string] = [this.#currentCatalog, this.#currentDatabase],
  ): ObjectPath {
    const [a, b, c] = parts
    if (parts.length === 1) return [context[0], context[1], a!]
    if (parts.length === 2) return [context[0], a!, b!]
    if (parts.length === 3) return [a!, b!, c!]
    throw validationError(
      'MR_CATALOG_NAME_PARTS',
      `'${parts.join('.')}' has ${parts.length} parts; a table's name has one to three: [[catalog.]database.]name`,
    )
  }

  find(path: ObjectPath): CatalogObject | undefined {
    return this.findTemporary(path) ?? this.findPermanent(path)
  }

  findTemporary(path: ObjectPath): CatalogObject | undefined {
    return this.#temporary.get(keyOf(path))
  }

  findPermanent(path: ObjectPath): CatalogObject | undefined {
    return this.#catalogs.get(path[0])?.find(path[1], path[2])
  }

  /** Throws MR_CATALOG_UNKNOWN_TABLE with the nearest name of the same database. */
  get(path: ObjectPath): CatalogObject {
    const object = this.find(path)
    if (object !== undefined) return object
    throw this.unknown(path)
  }

  unknown(path: ObjectPath) {
    const names = this.list([path[0], path[1]]).map(object => object.path[2])
    return validationError('MR_CATALOG_UNKNOWN_TABLE', `table or view '${path[2]}' does not exist`, {
      nearest: nearestName(path[2], names),
      hint:
        names.length === 0 && this.#hasDatabase(path)
          ? `database '${path[0]}.${path[1]}' is empty: CREATE TABLE first`
          : this.#hasDatabase(path)
            ? undefined
            : `there is no database '${path[0]}.${path[1]}'`,
    })
  }

  /** Adds a table or view. Throws MR_CATALOG_TABLE_EXISTS if the name is taken (temporary and permanent apart). */
  create(object: CatalogObject): void {
    this.resolveDatabase([object.path[0], object.path[1]])
    const taken = object.temporary ? this.findTemporary(object.path) : this.findPermanent(object.path)
    if (taken !== undefined) {
      throw validationError(
        'MR_CATALOG_TABLE_EXISTS',
        `${object.temporary ? 'temporary ' : ''}${taken.kind} '${pathToString(object.path)}' already exists`,
        { hint: 'say IF NOT EXISTS, drop it first, or choose another name' },
      )
    }
    this.replace(object)
  }

  /** Puts an object in place of what has its path. */
  replace(object: CatalogObject): void {
    if (object.temporary) this.#temporary.set(keyOf(object.path), object)
    else this.getCatalog(object.path[0]).put(object)
  }

  /** Takes an object away; what it shadowed becomes visible again. */
  remove(object: CatalogObject): void {
    if (object.temporary) this.#temporary.delete(keyOf(object.path))
    else this.getCatalog(object.path[0]).remove(object.path[1], object.path[2])
  }

  /** What names of this database mean now, temporary objects included, by name. */
  list(database: readonly [string, string]): readonly CatalogObject[] {
    const [catalog, name] = database
    const found = new Map<string, CatalogObject>()
    if (this.#hasDatabase(database)) {
      for (const object of this.getCatalog(catalog).objects(name)) found.set(object.path[2], object)
    }
    for (const object of this.#temporary.values()) {
      if (object.path[0] === catalog && object.path[1] === name) found.set(object.path[2], object)
    }
    return [...found.values()].sort((a, b) => (a.path[2] < b.path[2] ? -1 : 1))
  }

  #hasDatabase(path: readonly string[]): boolean {
    return this.#catalogs.get(path[0]!)?.findDatabase(path[1]!) !== undefined
  }

  #databasePath(parts: readonly string[]): readonly [catalog: string, database: string] {
    const [a, b] = parts
    if (parts.length === 1) return [this.#currentCatalog, a!]
    if (parts.length === 2) return [a!, b!]
    throw validationError(
      'MR_CATALOG_NAME_PARTS',
      `'${parts.join('.')}' has ${parts.length} parts; a database's name has one or two: [catalog.]database`,
    )
  }
}

const keyOf = (path: ObjectPath): string => JSON.stringify(path)
