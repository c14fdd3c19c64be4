import type { Expression, IntervalLiteral } from './expression.ts'
import type { AstNode, Identifier, Property, QualifiedName, StringLiteral } from './node.ts'
import type { Query } from './query.ts'
import type { TypeName } from './type.ts'

export type DdlStatement =
  | CreateTable
  | AlterTable
  | DropTable
  | CreateView
  | AlterView
  | DropView
  | CreateCatalog
  | AlterCatalog
  | DropCatalog
  | CreateDatabase
  | AlterDatabase
  | DropDatabase
  | CreateFunction
  | AlterFunction
  | DropFunction
  | CreateMaterializedTable
  | AlterMaterializedTable
  | DropMaterializedTable

/** Plain, LIKE (`like` is set) and AS SELECT (`query` is set). More than one watermark or key is the binder's to refuse. */
export interface CreateTable extends AstNode {
  readonly kind: 'CreateTable'
  readonly name: QualifiedName
  readonly temporary: boolean
  readonly ifNotExists: boolean
  /** CREATE OR REPLACE TABLE or REPLACE TABLE; only with `query`. */
  readonly replace: 'CREATE OR REPLACE' | 'REPLACE' | undefined
  readonly columns: readonly ColumnDefinition[]
  /** `CREATE TABLE t (b, a) … AS SELECT`: names only, which reorder the query's columns. */
  readonly columnNames: readonly Identifier[]
  readonly watermarks: readonly WatermarkDefinition[]
  /** Column form and table form alike, in order. */
  readonly primaryKeys: readonly PrimaryKeyDefinition[]
  readonly comment: StringLiteral | undefined
  readonly distribution: Distribution | undefined
  readonly partitionedBy: readonly Identifier[]
  readonly options: readonly Property[]
  readonly like: LikeClause | undefined
  readonly query: Query | undefined
}

export type ColumnDefinition = PhysicalColumn | MetadataColumn | ComputedColumn

export interface PhysicalColumn extends AstNode {
  readonly kind: 'PhysicalColumn'
  readonly name: Identifier
  readonly type: TypeName
  readonly comment: StringLiteral | undefined
}

/** `key` is undefined without FROM: the column's name is the key. */
export interface MetadataColumn extends AstNode {
  readonly kind: 'MetadataColumn'
  readonly name: Identifier
  readonly type: TypeName
  readonly key: StringLiteral | undefined
  readonly virtual: boolean
  readonly comment: StringLiteral | undefined
}

export interface ComputedColumn extends AstNode {
  readonly kind: 'ComputedColumn'
  readonly name: Identifier
  readonly expression: Expression
  readonly comment: StringLiteral | undefined
}

/** `column` has more than one part only to be refused: rowtime must be a top-level column. */
export interface WatermarkDefinition extends AstNode {
  readonly kind: 'WatermarkDefinition'
  readonly column: QualifiedName
  readonly expression: Expression
}

/** Always NOT ENFORCED: the parser refuses anything else. */
export interface PrimaryKeyDefinition extends AstNode {
  readonly kind: 'PrimaryKeyDefinition'
  readonly name: Identifier | undefined
  readonly columns: readonly Identifier[]
}

/** `DISTRIBUTED BY [HASH|RANGE](cols) INTO n BUCKETS`; without columns `DISTRIBUTED INTO n BUCKETS`. */
export interface Distribution extends AstNode {
  readonly kind: 'Distribution'
  readonly algorithm: 'HASH' | 'RANGE' | undefined
  readonly columns: readonly Identifier[]
  readonly buckets: number | undefined
}

export interface LikeClause extends AstNode {
  readonly kind: 'LikeClause'
  readonly source: QualifiedName
  readonly options: readonly LikeOption[]
}

export interface LikeOption extends AstNode {
  readonly kind: 'LikeOption'
  readonly strategy: 'INCLUDING' | 'EXCLUDING' | 'OVERWRITING'
  readonly feature:
    | 'ALL'
    | 'CONSTRAINTS'
    | 'DISTRIBUTION'
    | 'GENERATED'
    | 'METADATA'
    | 'OPTIONS'
    | 'PARTITIONS'
    | 'WATERMARKS'
}

export interface AlterTable extends AstNode {
  readonly kind: 'AlterTable'
  readonly name: QualifiedName
  readonly ifExists: boolean
  readonly action: AlterTableAction
}

export type AlterTableAction =
  | { readonly kind: 'RenameTable'; readonly to: QualifiedName }
  | { readonly kind: 'RenameColumn'; readonly from: QualifiedName; readonly to: Identifier }
  | ({ readonly kind: 'Add' } & AlteredElements)
  | ({ readonly kind: 'Modify' } & AlteredElements)
  | { readonly kind: 'DropColumns'; readonly columns: readonly QualifiedName[] }
  | { readonly kind: 'DropPrimaryKey' | 'DropWatermark' | 'DropDistribution' }
  | { readonly kind: 'DropConstraint'; readonly name: Identifier }
  | {
      readonly kind: 'AddPartitions'
      readonly ifNotExists: boolean
      readonly partitions: readonly PartitionSpec[]
    }
  | {
      readonly kind: 'DropPartitions'
      readonly ifExists: boolean
      readonly partitions: readonly PartitionSpec[]
    }
  | { readonly kind: 'SetOptions'; readonly options: readonly Property[] }
  | { readonly kind: 'ResetOptions'; readonly keys: readonly StringLiteral[] }

/** What ADD and MODIFY list, in parentheses or alone. */
export interface AlteredElements {
  readonly columns: readonly AlteredColumn[]
  readonly watermarks: readonly WatermarkDefinition[]
  readonly primaryKeys: readonly PrimaryKeyDefinition[]
  readonly distribution: Distribution | undefined
}

export interface AlteredColumn extends AstNode {
  readonly kind: 'AlteredColumn'
  readonly definition: ColumnDefinition
  readonly place:
    | { readonly kind: 'First' }
    | { readonly kind: 'After'; readonly column: Identifier }
    | undefined
}

export interface PartitionSpec extends AstNode {
  readonly kind: 'PartitionSpec'
  readonly entries: readonly PartitionEntry[]
  readonly options: readonly Property[]
}

/** `value` is undefined for a dynamic partition column. */
export interface PartitionEntry {
  readonly column: Identifier
  readonly value: Expression | undefined
}

export interface DropTable extends AstNode {
  readonly kind: 'DropTable'
  readonly name: QualifiedName
  readonly temporary: boolean
  readonly ifExists: boolean
}

export interface CreateView extends AstNode {
  readonly kind: 'CreateView'
  readonly name: QualifiedName
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly columns: readonly Identifier[]
  readonly comment: StringLiteral | undefined
  readonly query: Query
}

export interface AlterView extends AstNode {
  readonly kind: 'AlterView'
  readonly name: QualifiedName
  readonly action:
    | { readonly kind: 'RenameView'; readonly to: QualifiedName }
    | { readonly kind: 'AsQuery'; readonly query: Query }
}

export interface DropView extends AstNode {
  readonly kind: 'DropView'
  readonly name: QualifiedName
  readonly temporary: boolean
  readonly ifExists: boolean
}

export interface CreateCatalog extends AstNode {
  readonly kind: 'CreateCatalog'
  readonly name: Identifier
  readonly ifNotExists: boolean
  readonly comment: StringLiteral | undefined
  readonly options: readonly Property[]
}

export interface AlterCatalog extends AstNode {
  readonly kind: 'AlterCatalog'
  readonly name: Identifier
  readonly action: AlterOptionsAction
}

export type AlterOptionsAction =
  | { readonly kind: 'SetOptions'; readonly options: readonly Property[] }
  | { readonly kind: 'ResetOptions'; readonly keys: readonly StringLiteral[] }
  | { readonly kind: 'SetComment'; readonly comment: StringLiteral }

export interface DropCatalog extends AstNode {
  readonly kind: 'DropCatalog'
  readonly name: Identifier
  readonly ifExists: boolean
}

export interface CreateDatabase extends AstNode {
  readonly kind: 'CreateDatabase'
  readonly name: QualifiedName
  readonly ifNotExists: boolean
  readonly comment: StringLiteral | undefined
  readonly options: readonly Property[]
}

export interface AlterDatabase extends AstNode {
  readonly kind: 'AlterDatabase'
  readonly name: QualifiedName
  readonly action: AlterOptionsAction
}

export interface DropDatabase extends AstNode {
  readonly kind: 'DropDatabase'
  readonly name: QualifiedName
  readonly ifExists: boolean
  readonly cascade: boolean
}

/** `system` functions live outside catalogs. JAVASCRIPT and TYPESCRIPT are extensions; no LANGUAGE means Flink's default, JAVA. */
export interface CreateFunction extends AstNode {
  readonly kind: 'CreateFunction'
  readonly name: QualifiedName
  readonly temporary: boolean
  readonly system: boolean
  readonly ifNotExists: boolean
  readonly identifier: StringLiteral
  readonly language: FunctionLanguage | undefined
  readonly using: readonly FunctionResource[]
  readonly options: readonly Property[]
}

export type FunctionLanguage = 'JAVA' | 'SCALA' | 'PYTHON' | 'JAVASCRIPT' | 'TYPESCRIPT'

export interface FunctionResource extends AstNode {
  readonly kind: 'FunctionResource'
  readonly type: 'JAR' | 'FILE' | 'ARTIFACT'
  readonly path: StringLiteral
}

export interface AlterFunction extends AstNode {
  readonly kind: 'AlterFunction'
  readonly name: QualifiedName
  readonly temporary: boolean
  readonly system: boolean
  readonly ifExists: boolean
  readonly identifier: StringLiteral
  readonly language: FunctionLanguage | undefined
}

export interface DropFunction extends AstNode {
  readonly kind: 'DropFunction'
  readonly name: QualifiedName
  readonly temporary: boolean
  readonly system: boolean
  readonly ifExists: boolean
}

export interface CreateMaterializedTable extends AstNode {
  readonly kind: 'CreateMaterializedTable'
  readonly name: QualifiedName
  /** CREATE OR ALTER. */
  readonly orAlter: boolean
  readonly columns: readonly ColumnDefinition[]
  readonly columnNames: readonly Identifier[]
  readonly watermarks: readonly WatermarkDefinition[]
  readonly primaryKeys: readonly PrimaryKeyDefinition[]
  readonly comment: StringLiteral | undefined
  readonly distribution: Distribution | undefined
  readonly partitionedBy: readonly Identifier[]
  readonly options: readonly Property[]
  readonly freshness: IntervalLiteral | undefined
  readonly refreshMode: 'CONTINUOUS' | 'FULL' | undefined
  readonly query: Query
}

export interface AlterMaterializedTable extends AstNode {
  readonly kind: 'AlterMaterializedTable'
  readonly name: QualifiedName
  readonly action:
    | { readonly kind: 'Suspend' }
    | { readonly kind: 'Resume'; readonly options: readonly Property[] }
    | { readonly kind: 'Refresh'; readonly partition: readonly PartitionEntry[] }
    | { readonly kind: 'AsQuery'; readonly query: Query }
}

export interface DropMaterializedTable extends AstNode {
  readonly kind: 'DropMaterializedTable'
  readonly name: QualifiedName
  readonly ifExists: boolean
}
