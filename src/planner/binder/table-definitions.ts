import type { CatalogTable, TableColumn } from '../../catalog/index.ts'
import type { SourcePosition } from '../../errors/index.ts'
import {
  type ColumnDefinition,
  type Identifier,
  type PrimaryKeyDefinition,
  parseExpression,
  parseTypeName,
  type StringLiteral,
  type WatermarkDefinition,
} from '../../parser/index.ts'
import { typeToString } from '../../types/index.ts'

/** The clauses of a CREATE TABLE that make its schema. */
export interface Definitions {
  readonly columns: readonly ColumnDefinition[]
  readonly watermarks: readonly WatermarkDefinition[]
  readonly primaryKeys: readonly PrimaryKeyDefinition[]
}

/** A catalog table written out as definitions again, all of them standing at `position`. */
export function definitionsOf({ schema }: CatalogTable, position: SourcePosition): Definitions {
  const { watermark, primaryKey } = schema
  return {
    columns: schema.columns.map(column => definitionOf(column, position)),
    watermarks:
      watermark === undefined
        ? []
        : [
            {
              kind: 'WatermarkDefinition',
              position,
              column: [identifierOf(watermark.column, position)],
              expression: standingAt(parse(watermark.expression), position),
            },
          ],
    primaryKeys:
      primaryKey === undefined
        ? []
        : [
            {
              kind: 'PrimaryKeyDefinition',
              position,
              name: primaryKey.name === undefined ? undefined : identifierOf(primaryKey.name, position),
              columns: primaryKey.columns.map(name => identifierOf(name, position)),
            },
          ],
  }
}

function definitionOf(column: TableColumn, position: SourcePosition): ColumnDefinition {
  const name = identifierOf(column.name, position)
  const comment = column.comment === undefined ? undefined : textOf(column.comment, position)
  if (column.kind === 'computed') {
    const expression = standingAt(parse(column.expression), position)
    return { kind: 'ComputedColumn', position, name, expression, comment }
  }
  const text = typeToString(column.type)
  const type = standingAt(parseTypeName({ text, name: 'type' }), position)
  if (column.kind === 'physical') return { kind: 'PhysicalColumn', position, name, type, comment }
  const key = textOf(column.key, position)
  return { kind: 'MetadataColumn', position, name, type, key, virtual: column.virtual, comment }
}

const parse = (text: string) => parseExpression({ text, name: 'schema' })

export const identifierOf = (name: string, position: SourcePosition): Identifier => ({
  kind: 'Identifier',
  name,
  quoted: true,
  position,
})

const textOf = (value: string, position: SourcePosition): StringLiteral => ({
  kind: 'StringLiteral',
  value,
  position,
})

/** The same tree with every node at one position. */
export function standingAt<T>(node: T, position: SourcePosition): T {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map(part => standingAt(part, position)) as T
  const entries = Object.entries(node).map(([key, part]) => [
    key,
    key === 'position' ? position : standingAt(part, position),
  ])
  return Object.fromEntries(entries) as T
}
