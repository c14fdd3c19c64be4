import type { Expression } from './expression.ts'
import type { AstNode } from './node.ts'
import type { OrderItem, WindowReference, WindowSpecification } from './query.ts'
import type { TypeName } from './type.ts'

/** `operand` is undefined for `CASE WHEN condition …`. `WHEN 1, 2 THEN x` is read as two branches. */
export interface CaseExpression extends AstNode {
  readonly kind: 'Case'
  readonly operand: Expression | undefined
  readonly branches: readonly CaseBranch[]
  readonly otherwise: Expression | undefined
}

export interface CaseBranch {
  readonly when: Expression
  readonly result: Expression
}

/** `safe` is TRY_CAST. */
export interface Cast extends AstNode {
  readonly kind: 'Cast'
  readonly operand: Expression
  readonly type: TypeName
  readonly safe: boolean
}

/** `characters` is undefined when none were given: blanks are trimmed. */
export interface Trim extends AstNode {
  readonly kind: 'Trim'
  readonly side: 'BOTH' | 'LEADING' | 'TRAILING'
  readonly characters: Expression | undefined
  readonly operand: Expression
}

export type JsonExpression =
  | JsonExists
  | JsonValue
  | JsonQuery
  | JsonObject
  | JsonArray
  | JsonObjectAgg
  | JsonArrayAgg

export interface JsonExists extends AstNode {
  readonly kind: 'JsonExists'
  readonly input: Expression
  readonly path: Expression
  readonly onError: 'TRUE' | 'FALSE' | 'UNKNOWN' | 'ERROR' | undefined
}

export type JsonValueBehavior =
  | { readonly kind: 'Null' }
  | { readonly kind: 'Error' }
  | { readonly kind: 'Default'; readonly value: Expression }

export interface JsonValue extends AstNode {
  readonly kind: 'JsonValue'
  readonly input: Expression
  readonly path: Expression
  readonly returning: TypeName | undefined
  readonly onEmpty: JsonValueBehavior | undefined
  readonly onError: JsonValueBehavior | undefined
}

export type JsonQueryBehavior = 'NULL' | 'ERROR' | 'EMPTY ARRAY' | 'EMPTY OBJECT'

export interface JsonQuery extends AstNode {
  readonly kind: 'JsonQuery'
  readonly input: Expression
  readonly path: Expression
  readonly returning: TypeName | undefined
  readonly wrapper: 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL' | undefined
  readonly onEmpty: JsonQueryBehavior | undefined
  readonly onError: JsonQueryBehavior | undefined
}

export type JsonNullClause = 'NULL' | 'ABSENT'

export interface JsonEntry {
  readonly key: Expression
  readonly value: Expression
}

export interface JsonObject extends AstNode {
  readonly kind: 'JsonObject'
  readonly entries: readonly JsonEntry[]
  readonly onNull: JsonNullClause | undefined
}

export interface JsonArray extends AstNode {
  readonly kind: 'JsonArray'
  readonly elements: readonly Expression[]
  readonly onNull: JsonNullClause | undefined
}

/** The two JSON aggregates. */
export interface JsonObjectAgg extends AstNode {
  readonly kind: 'JsonObjectAgg'
  readonly key: Expression
  readonly value: Expression
  readonly onNull: JsonNullClause | undefined
  readonly filter: Expression | undefined
  readonly over: WindowSpecification | WindowReference | undefined
}

export interface JsonArrayAgg extends AstNode {
  readonly kind: 'JsonArrayAgg'
  readonly element: Expression
  readonly orderBy: readonly OrderItem[]
  readonly onNull: JsonNullClause | undefined
  readonly filter: Expression | undefined
  readonly over: WindowSpecification | WindowReference | undefined
}
