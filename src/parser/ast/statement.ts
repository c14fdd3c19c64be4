import type { CreateTable, DdlStatement, PartitionEntry } from './ddl.ts'
import type { Argument } from './expression.ts'
import type { AstNode, Identifier, QualifiedName, StringLiteral } from './node.ts'
import type { Hint, Query } from './query.ts'

/** A position covers the whole statement without its semicolon, so that its text can be cut from the source. */
export type Statement =
  | DdlStatement
  | Query
  | Insert
  | StatementSet
  | Explain
  | CompilePlan
  | ExecutePlan
  | SetOption
  | ResetOption
  | UseCatalog
  | UseDatabase
  | Show
  | ShowCreate
  | Describe
  | DescribeJob
  | StopJob
  | Call

/** INSERT INTO, INSERT OVERWRITE and EXECUTE INSERT. VALUES is a query. */
export interface Insert extends AstNode {
  readonly kind: 'Insert'
  readonly target: QualifiedName
  readonly hints: readonly Hint[]
  readonly overwrite: boolean
  readonly partition: readonly PartitionEntry[]
  /** Empty when no column list was given. */
  readonly columns: readonly Identifier[]
  readonly query: Query
  readonly onConflict: 'ERROR' | 'NOTHING' | 'DEDUPLICATE' | undefined
}

/** EXECUTE STATEMENT SET BEGIN … END, BEGIN STATEMENT SET; … END, and STATEMENT SET BEGIN … END inside EXPLAIN and COMPILE PLAN. */
export interface StatementSet extends AstNode {
  readonly kind: 'StatementSet'
  readonly inserts: readonly Insert[]
}

export type ExplainDetail = 'ESTIMATED_COST' | 'CHANGELOG_MODE' | 'JSON_EXECUTION_PLAN' | 'PLAN_ADVICE'

export interface Explain extends AstNode {
  readonly kind: 'Explain'
  readonly details: readonly ExplainDetail[]
  readonly statement: Query | Insert | StatementSet | CreateTable
}

/** COMPILE PLAN; with `execute`, COMPILE AND EXECUTE PLAN. */
export interface CompilePlan extends AstNode {
  readonly kind: 'CompilePlan'
  readonly path: StringLiteral
  readonly ifNotExists: boolean
  readonly execute: boolean
  readonly statement: Insert | StatementSet
}

export interface ExecutePlan extends AstNode {
  readonly kind: 'ExecutePlan'
  readonly path: StringLiteral
}

/** Bare SET (list all) has neither key nor value. Unquoted keys and values of the CLI form are kept as text. */
export interface SetOption extends AstNode {
  readonly kind: 'Set'
  readonly key: StringLiteral | undefined
  readonly value: StringLiteral | undefined
}

/** Bare RESET (all) has no key. */
export interface ResetOption extends AstNode {
  readonly kind: 'Reset'
  readonly key: StringLiteral | undefined
}

export interface UseCatalog extends AstNode {
  readonly kind: 'UseCatalog'
  readonly name: Identifier
}

export interface UseDatabase extends AstNode {
  readonly kind: 'UseDatabase'
  readonly name: QualifiedName
}

export type ShowObject =
  | 'CATALOGS'
  | 'CURRENT CATALOG'
  | 'DATABASES'
  | 'CURRENT DATABASE'
  | 'TABLES'
  | 'VIEWS'
  | 'MATERIALIZED TABLES'
  | 'COLUMNS'
  | 'FUNCTIONS'
  | 'USER FUNCTIONS'
  | 'PROCEDURES'
  | 'MODULES'
  | 'FULL MODULES'
  | 'PARTITIONS'
  | 'MODELS'
  | 'CONNECTIONS'
  | 'JARS'
  | 'JOBS'

/** `from` is a database or catalog, or the table of SHOW COLUMNS FROM t and SHOW PARTITIONS t. */
export interface Show extends AstNode {
  readonly kind: 'Show'
  readonly object: ShowObject
  readonly from: QualifiedName | undefined
  readonly like: ShowLike | undefined
}

export interface ShowLike {
  readonly pattern: StringLiteral
  readonly negated: boolean
  /** ILIKE. */
  readonly caseInsensitive: boolean
}

export interface ShowCreate extends AstNode {
  readonly kind: 'ShowCreate'
  readonly object: 'TABLE' | 'VIEW' | 'MATERIALIZED TABLE' | 'CATALOG' | 'MODEL'
  readonly name: QualifiedName
}

/** TABLE stands for tables and views alike. */
export interface Describe extends AstNode {
  readonly kind: 'Describe'
  readonly object: 'TABLE' | 'CATALOG' | 'DATABASE' | 'FUNCTION'
  readonly extended: boolean
  readonly name: QualifiedName
}

export interface DescribeJob extends AstNode {
  readonly kind: 'DescribeJob'
  readonly jobId: StringLiteral
}

export interface StopJob extends AstNode {
  readonly kind: 'StopJob'
  readonly jobId: StringLiteral
  readonly withSavepoint: boolean
  readonly withDrain: boolean
}

export interface Call extends AstNode {
  readonly kind: 'Call'
  readonly procedure: QualifiedName
  readonly args: readonly Argument[]
}
