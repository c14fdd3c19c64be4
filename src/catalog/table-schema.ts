/** What a resolved CREATE TABLE says, as plain JSON. */
import type { LogicalType } from '../types/index.ts'

export interface PhysicalColumn {
  readonly kind: 'physical'
  readonly name: string
  readonly type: LogicalType
  readonly comment?: string
}

export interface MetadataColumn {
  readonly kind: 'metadata'
  readonly name: string
  readonly type: LogicalType
  /** The connector's metadata key; the column name unless FROM was given. */
  readonly key: string
  /** Virtual columns are never written. */
  readonly virtual: boolean
  readonly comment?: string
}

/** `expression` is canonical SQL over the other columns; the binder binds it where the table is used. */
export interface ComputedColumn {
  readonly kind: 'computed'
  readonly name: string
  readonly type: LogicalType
  readonly expression: string
  readonly comment?: string
}

export type TableColumn = PhysicalColumn | MetadataColumn | ComputedColumn

export interface TableSchema {
  readonly columns: readonly TableColumn[]
  readonly watermark?: { readonly column: string; readonly expression: string }
  readonly primaryKey?: { readonly name?: string; readonly columns: readonly string[] }
}

export interface CatalogTable {
  readonly kind: 'table'
  /** Catalog, database and name. */
  readonly path: readonly [string, string, string]
  readonly temporary: boolean
  readonly schema: TableSchema
  readonly options: Readonly<Record<string, string>>
  readonly partitionedBy: readonly string[]
  readonly comment?: string
}
