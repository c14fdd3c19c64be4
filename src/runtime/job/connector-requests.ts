/** Plan nodes in the words of the connector contract. */
import type { SinkRequest, SourceRequest, TableDefinition } from '../../connectors/contract/index.ts'
import type { ScanNode, SinkNode, TableRef } from '../../planner/plan-graph/plan-graph.ts'

export type { Committer, Connector, Sink, Source } from '../../connectors/contract/index.ts'

const definitionOf = (table: TableRef): TableDefinition => ({
  name: table.path[2],
  options: table.options,
  schema: table.schema,
})

export const sourceRequestOf = (node: ScanNode): SourceRequest => ({
  table: definitionOf(node.table),
  columns: node.columns.map(column => ({
    kind: column.kind,
    name: column.kind === 'physical' ? column.name : column.key,
    type: column.type,
  })),
  id: node.id,
})

export const sinkRequestOf = (node: SinkNode): SinkRequest => ({
  table: definitionOf(node.table),
  columns: node.columns.map(column => ({
    kind: column.kind,
    name: column.kind === 'physical' ? column.name : column.key,
    type: column.type,
  })),
  primaryKey: node.primaryKey,
  updating: node.changes.updateAfter || node.changes.updateBefore || node.changes.delete,
})
