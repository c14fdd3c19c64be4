import type { Catalog, CatalogTable, Config, TableCapabilities } from '../../catalog/index.ts'
import type { Query } from '../../parser/index.ts'

/** How the planner asks what a table's connector can do, without knowing connectors. */
export type FindCapabilities = (
  table: Pick<CatalogTable, 'options' | 'schema'> & {
    readonly name: string
  },
) => TableCapabilities

/** A WITH query in sight; it is bound anew wherever it is named, in the environment of its definition. */
export interface VisibleCte {
  readonly query: Query
  readonly columns: readonly string[]
  readonly environment: Environment
}

/** What names mean at some place of a statement. Immutable: inner queries get extended copies. */
export interface Environment {
  readonly catalog: Catalog
  readonly config: Config
  readonly findCapabilities: FindCapabilities
  /** What unqualified table names belong to. */
  readonly database: readonly [catalog: string, database: string]
  readonly ctes: ReadonlyMap<string, VisibleCte>
  /** Views being expanded, outermost first: a view that contains itself is refused. */
  readonly expanding: readonly string[]
}

export const topEnvironment = (
  catalog: Catalog,
  config: Config,
  findCapabilities: FindCapabilities,
): Environment => ({
  catalog,
  config,
  findCapabilities,
  database: [catalog.currentCatalog, catalog.currentDatabase],
  ctes: new Map(),
  expanding: [],
})
