import type { SourcePosition } from '../../errors/index.ts'

/** What every node has: a `kind` that discriminates, and the range of source text it was read from. */
export interface AstNode {
  readonly kind: string
  readonly position: SourcePosition
}

/** `quoted` is true for `` `name` ``: quoted names are never keywords. Names keep their case. */
export interface Identifier extends AstNode {
  readonly kind: 'Identifier'
  readonly name: string
  readonly quoted: boolean
}

/** `catalog.database.table` and the like: one part per identifier, never empty. */
export type QualifiedName = readonly [Identifier, ...Identifier[]]

/** A quoted text, unescaped: `'it''s'` has the value `it's`. */
export interface StringLiteral extends AstNode {
  readonly kind: 'StringLiteral'
  readonly value: string
}

/** `'key' = 'value'` of a WITH clause, a SET or a hint. */
export interface Property extends AstNode {
  readonly kind: 'Property'
  readonly key: StringLiteral
  readonly value: StringLiteral
}
