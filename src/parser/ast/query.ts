import type { Expression, FunctionCall, NumberLiteral, Star } from './expression.ts'
import type { MatchRecognize } from './match-recognize.ts'
import type { AstNode, Identifier, Property, QualifiedName } from './node.ts'

/** A whole query. Parentheses that add nothing are dropped: a body is a `Query` only if that one has clauses of its own. */
export interface Query extends AstNode {
  readonly kind: 'Query'
  readonly with: readonly CommonTableExpression[]
  readonly body: QueryBody
  readonly orderBy: readonly OrderItem[]
  readonly offset: NumberLiteral | undefined
  /** LIMIT n or FETCH FIRST n ROWS ONLY; LIMIT ALL is undefined. */
  readonly limit: NumberLiteral | undefined
}

export type QueryBody = Select | Values | SetOperation | Query

export interface CommonTableExpression extends AstNode {
  readonly kind: 'CommonTableExpression'
  readonly name: Identifier
  readonly columns: readonly Identifier[]
  readonly query: Query
}

export interface SetOperation extends AstNode {
  readonly kind: 'SetOperation'
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'
  readonly all: boolean
  readonly left: QueryBody
  readonly right: QueryBody
}

/** `VALUES (1, 'a'), (2, 'b')`; a row without parentheses has one expression. */
export interface Values extends AstNode {
  readonly kind: 'Values'
  readonly rows: readonly ValuesRow[]
}

export interface ValuesRow extends AstNode {
  readonly kind: 'ValuesRow'
  readonly fields: readonly Expression[]
}

export interface Select extends AstNode {
  readonly kind: 'Select'
  readonly hints: readonly Hint[]
  readonly distinct: boolean
  readonly items: readonly SelectItem[]
  readonly from: Relation | undefined
  readonly where: Expression | undefined
  /** Undefined without GROUP BY; `GROUP BY ()` has one empty `GroupingExpressions`. */
  readonly groupBy: readonly GroupingElement[] | undefined
  readonly having: Expression | undefined
  readonly windows: readonly NamedWindow[]
  readonly qualify: Expression | undefined
}

export type SelectItem = SelectExpression | Star

export interface SelectExpression extends AstNode {
  readonly kind: 'SelectExpression'
  readonly expression: Expression
  readonly alias: Identifier | undefined
}

export type GroupingElement = GroupingExpressions | GroupingSets | Rollup | Cube

/** One key `a`, several at once `(a, b)`, or the empty set `()`. */
export interface GroupingExpressions extends AstNode {
  readonly kind: 'GroupingExpressions'
  readonly expressions: readonly Expression[]
}

export interface GroupingSets extends AstNode {
  readonly kind: 'GroupingSets'
  readonly elements: readonly GroupingElement[]
}

export interface Rollup extends AstNode {
  readonly kind: 'Rollup'
  readonly elements: readonly GroupingExpressions[]
}

export interface Cube extends AstNode {
  readonly kind: 'Cube'
  readonly elements: readonly GroupingExpressions[]
}

export interface OrderItem extends AstNode {
  readonly kind: 'OrderItem'
  readonly expression: Expression
  readonly descending: boolean
  readonly nulls: 'FIRST' | 'LAST' | undefined
}

/** `OPTIONS('k'='v')` has properties; `BROADCAST(t1, t2)` has arguments; a bare name has neither. */
export interface Hint extends AstNode {
  readonly kind: 'Hint'
  readonly name: Identifier
  readonly properties: readonly Property[]
  readonly args: readonly HintArgument[]
}

export interface HintArgument extends AstNode {
  readonly kind: 'HintArgument'
  readonly text: string
  readonly form: 'identifier' | 'string' | 'number'
}

export type Relation = TableReference | DerivedTable | TableFunction | Unnest | Join | MatchRecognize

/** `AS t (a, b)`; `columns` is empty when none were given. */
export interface TableAlias extends AstNode {
  readonly kind: 'TableAlias'
  readonly name: Identifier
  readonly columns: readonly Identifier[]
}

export interface TableReference extends AstNode {
  readonly kind: 'TableReference'
  readonly name: QualifiedName
  readonly hints: readonly Hint[]
  /** The expression of FOR SYSTEM_TIME AS OF. */
  readonly systemTime: Expression | undefined
  readonly alias: TableAlias | undefined
}

export interface DerivedTable extends AstNode {
  readonly kind: 'DerivedTable'
  readonly query: Query
  readonly lateral: boolean
  readonly alias: TableAlias | undefined
}

/** `TABLE(f(…))`, `LATERAL TABLE(f(…))`, and the short form `f(…)` of window and process table functions. */
export interface TableFunction extends AstNode {
  readonly kind: 'TableFunction'
  readonly call: FunctionCall
  readonly lateral: boolean
  readonly alias: TableAlias | undefined
}

export interface Unnest extends AstNode {
  readonly kind: 'Unnest'
  readonly operands: readonly Expression[]
  readonly withOrdinality: boolean
  readonly alias: TableAlias | undefined
}

/** `COMMA` is `FROM a, b`: a cross join that binds weaker than the others. A condition is absent for CROSS, COMMA and natural joins. */
export interface Join extends AstNode {
  readonly kind: 'Join'
  readonly joinType: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'COMMA'
  readonly natural: boolean
  readonly left: Relation
  readonly right: Relation
  readonly condition: JoinOn | JoinUsing | undefined
}

export interface JoinOn extends AstNode {
  readonly kind: 'JoinOn'
  readonly expression: Expression
}

export interface JoinUsing extends AstNode {
  readonly kind: 'JoinUsing'
  readonly columns: readonly Identifier[]
}

export interface NamedWindow extends AstNode {
  readonly kind: 'NamedWindow'
  readonly name: Identifier
  readonly specification: WindowSpecification
}

/** `OVER w`. */
export interface WindowReference extends AstNode {
  readonly kind: 'WindowReference'
  readonly name: Identifier
}

/** `base` names a window of the WINDOW clause this one refines. */
export interface WindowSpecification extends AstNode {
  readonly kind: 'WindowSpecification'
  readonly base: Identifier | undefined
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
  readonly frame: WindowFrame | undefined
}

/** `end` is undefined without BETWEEN: the frame ends at the current row. */
export interface WindowFrame extends AstNode {
  readonly kind: 'WindowFrame'
  readonly unit: 'ROWS' | 'RANGE'
  readonly start: FrameBound
  readonly end: FrameBound | undefined
}

export type FrameBound =
  | { readonly kind: 'UnboundedPreceding' | 'CurrentRow' | 'UnboundedFollowing' }
  | { readonly kind: 'Preceding' | 'Following'; readonly offset: Expression }
