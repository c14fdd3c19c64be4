/** What a catalog holds beside tables (table-schema.ts). */
import type { LogicalType } from '../types/index.ts'
import type { CatalogTable } from './table-schema.ts'

export type ObjectPath = readonly [catalog: string, database: string, name: string]

export interface CatalogView {
  readonly kind: 'view'
  readonly path: ObjectPath
  readonly temporary: boolean
  /** Names and types at the time of CREATE VIEW. */
  readonly columns: readonly {
    readonly name: string
    readonly type: LogicalType
    readonly timeAttribute?: 'rowtime' | 'proctime'
  }[]
  /** The query as the user wrote it; the planner expands it inline, with names resolved against `context`. */
  readonly query: string
  /** Current catalog and database when the view was made: unqualified names inside mean these. */
  readonly context: readonly [catalog: string, database: string]
  readonly comment?: string
}

export type CatalogObject = CatalogTable | CatalogView

export const pathToString = (path: readonly string[]): string => path.join('.')

export interface CatalogDatabase {
  readonly name: string
  readonly comment?: string
  readonly options: Readonly<Record<string, string>>
}
