/** Checks of the columns a source or sink is asked for. */
import { internalError } from '../../errors/index.ts'
import type { LogicalType } from '../../types/index.ts'
import type { SourceRequest, TableDefinition } from '../contract/index.ts'

export interface PhysicalField {
  readonly name: string
  readonly type: LogicalType
}

/** The physical columns of a table, in order: what its rows or payloads hold. */
export function physicalFields(table: TableDefinition): PhysicalField[] {
  return table.schema.columns
    .filter(column => column.kind === 'physical')
    .map(({ name, type }) => ({ name, type }))
}

/** Positions in `physicalFields` of the requested columns. For connectors without metadata. */
export function wantedPositions(request: SourceRequest): number[] {
  const fields = physicalFields(request.table)
  return request.columns.map(column => {
    const position = fields.findIndex(field => field.name === column.name)
    if (column.kind !== 'physical' || position < 0) {
      throw internalError(`table '${request.table.name}' has no physical column '${column.name}'`)
    }
    return position
  })
}
