/** Statements → plan graphs and catalog objects. Knows connectors only through `findCapabilities`. */
import type { Catalog, CatalogTable, CatalogView, Config } from '../catalog/index.ts'
import type {
  AlterTable,
  CreateTable,
  CreateView,
  Explain,
  Insert,
  Query,
  StatementSet,
} from '../parser/index.ts'
import { bindAlterTable as bindAlter } from './binder/bind-alter-table.ts'
import { bindCreateTable as bindTable } from './binder/bind-create-table.ts'
import { bindCreateTableAs as bindTableAs, type TableWithQuery } from './binder/bind-create-table-as.ts'
import { bindCreateView as bindView } from './binder/bind-create-view.ts'
import { bindInsert } from './binder/bind-insert.ts'
import { bindQuery } from './binder/bind-query.ts'
import { type FindCapabilities, topEnvironment } from './binder/environment.ts'
import { explainJob } from './explain/explain.ts'
import { collect } from './logical/index.ts'
import { type JobOptions, type PlannedJob, planJob } from './plan-job.ts'

export type { TableWithQuery } from './binder/bind-create-table-as.ts'
export type { FindCapabilities } from './binder/environment.ts'
export { extensionsOf, redactGraph } from './explain/explain.ts'
export * from './plan-graph/plan-graph.ts'
export type { JobOptions, PlannedJob } from './plan-job.ts'

export interface PlannerContext {
  readonly catalog: Catalog
  readonly config: Config
  readonly findCapabilities: FindCapabilities
}

const environmentOf = (context: PlannerContext) =>
  topEnvironment(context.catalog, context.config, context.findCapabilities)

/**
 * Plans one INSERT as a job. Throws ValidationErrors with positions (MR_BIND_…, MR_PLAN_…, MR_CATALOG_…,
 * MR_FUNCTION_…) and ConfigErrors; they carry no source text, which only the caller knows.
 */
export const planInsert = (insert: Insert, context: PlannerContext, options: JobOptions): PlannedJob =>
  planInserts([insert], context, options)

/** Plans several INSERTs as one job: tables they share are read once. */
export const planStatementSet = (
  set: StatementSet,
  context: PlannerContext,
  options: JobOptions,
): PlannedJob => planInserts(set.inserts, context, options)

export function planInserts(
  inserts: readonly Insert[],
  context: PlannerContext,
  options: JobOptions,
): PlannedJob {
  const environment = environmentOf(context)
  const sinks = inserts.map(insert => bindInsert(insert, environment))
  return planJob(sinks, context.config, options)
}

/** Plans a top-level SELECT: its rows go to the caller. */
export function planSelect(query: Query, context: PlannerContext, options: JobOptions): PlannedJob {
  const plan = collect(bindQuery(query, environmentOf(context)))
  return planJob([plan], context.config, options)
}

/** EXPLAIN of what `planInsert`, `planStatementSet` or `planSelect` gave. */
export const explain = (job: PlannedJob, details: Explain['details'], context: PlannerContext): string =>
  explainJob(job, details, context.config)

/** CREATE TABLE, without putting it into the catalog. */
export const bindCreateTable = (statement: CreateTable, context: PlannerContext): CatalogTable =>
  bindTable(statement, environmentOf(context))

/** CREATE TABLE AS: the table to put into the catalog, and the INSERT to plan after that. */
export const bindCreateTableAs = (
  statement: CreateTable & { readonly query: Query },
  context: PlannerContext,
): TableWithQuery => bindTableAs(statement, environmentOf(context))

/**
 * ALTER TABLE: the changed table. The catalog is not touched; after RENAME TO the path is another one, and the caller
 * takes the old object away.
 */
export const bindAlterTable = (statement: AlterTable, context: PlannerContext): CatalogTable =>
  bindAlter(statement, environmentOf(context))

/** CREATE VIEW, without putting it into the catalog. */
export const bindCreateView = (statement: CreateView, context: PlannerContext): CatalogView =>
  bindView(statement, environmentOf(context))
