import type { CaseExpression, Cast, JsonExpression, Trim } from './expression-special.ts'
import type { AstNode, Identifier, QualifiedName, StringLiteral } from './node.ts'
import type { OrderItem, Query, WindowReference, WindowSpecification } from './query.ts'
import type { IntervalQualifier } from './type.ts'

export type Expression =
  | Literal
  | ColumnReference
  | FieldAccess
  | ElementAccess
  | UnaryOperation
  | BinaryOperation
  | IsTest
  | IsDistinctFrom
  | IsJson
  | Between
  | Like
  | InList
  | InSubquery
  | QuantifiedComparison
  | Exists
  | ScalarSubquery
  | Overlaps
  | CaseExpression
  | Cast
  | Trim
  | JsonExpression
  | RowConstructor
  | ArrayConstructor
  | MapConstructor
  | MultisetConstructor
  | FunctionCall

export type Literal =
  | NumberLiteral
  | StringLiteral
  | BinaryLiteral
  | BooleanLiteral
  | NullLiteral
  | DateTimeLiteral
  | IntervalLiteral

/** Exact text, unsigned: a leading minus is a `UnaryOperation`. `form` tells BIGINT/INT, DECIMAL and DOUBLE apart. */
export interface NumberLiteral extends AstNode {
  readonly kind: 'NumberLiteral'
  readonly text: string
  readonly form: 'integer' | 'decimal' | 'double'
}

/** `X'0AFF'`: the hexadecimal digits as written, an even number of them. */
export interface BinaryLiteral extends AstNode {
  readonly kind: 'BinaryLiteral'
  readonly hex: string
}

/** `null` is the literal UNKNOWN. */
export interface BooleanLiteral extends AstNode {
  readonly kind: 'BooleanLiteral'
  readonly value: boolean | null
}

export interface NullLiteral extends AstNode {
  readonly kind: 'NullLiteral'
}

/** `TIMESTAMP '2024-01-01 00:00:00'`; the text is not checked here. */
export interface DateTimeLiteral extends AstNode {
  readonly kind: 'DateTimeLiteral'
  readonly type: 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ'
  readonly text: string
}

/** `INTERVAL -'1-2' YEAR TO MONTH`: the sign before the quotes is `negative`; one inside stays in `text`. */
export interface IntervalLiteral extends AstNode {
  readonly kind: 'IntervalLiteral'
  readonly negative: boolean
  readonly text: string
  readonly qualifier: IntervalQualifier
}

/** `a`, `t.a`, `t.row_column.field`: which part is table, column or field is the binder's to find out. */
export interface ColumnReference extends AstNode {
  readonly kind: 'ColumnReference'
  readonly path: QualifiedName
}

/** `.field` after anything that is not a plain name: `f(x).a`, `a[1].b`, `(expr).c`. */
export interface FieldAccess extends AstNode {
  readonly kind: 'FieldAccess'
  readonly base: Expression
  readonly field: Identifier
}

/** `array[i]` (from 1) or `map[key]`. */
export interface ElementAccess extends AstNode {
  readonly kind: 'ElementAccess'
  readonly base: Expression
  readonly index: Expression
}

export interface UnaryOperation extends AstNode {
  readonly kind: 'UnaryOperation'
  readonly operator: '+' | '-' | 'NOT'
  readonly operand: Expression
}

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='
export type BinaryOperator = 'OR' | 'AND' | ComparisonOperator | '+' | '-' | '*' | '/' | '%' | '||'

/** `!=` is read as `<>`. */
export interface BinaryOperation extends AstNode {
  readonly kind: 'BinaryOperation'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
}

export interface IsTest extends AstNode {
  readonly kind: 'IsTest'
  readonly operand: Expression
  readonly test: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN'
  readonly negated: boolean
}

export interface IsDistinctFrom extends AstNode {
  readonly kind: 'IsDistinctFrom'
  readonly left: Expression
  readonly right: Expression
  readonly negated: boolean
}

/** `IS JSON` alone is `VALUE`. */
export interface IsJson extends AstNode {
  readonly kind: 'IsJson'
  readonly operand: Expression
  readonly jsonType: 'VALUE' | 'OBJECT' | 'ARRAY' | 'SCALAR'
  readonly negated: boolean
}

export interface Between extends AstNode {
  readonly kind: 'Between'
  readonly operand: Expression
  readonly low: Expression
  readonly high: Expression
  readonly symmetric: boolean
  readonly negated: boolean
}

export interface Like extends AstNode {
  readonly kind: 'Like'
  readonly operator: 'LIKE' | 'SIMILAR TO'
  readonly operand: Expression
  readonly pattern: Expression
  readonly escape: Expression | undefined
  readonly negated: boolean
}

export interface InList extends AstNode {
  readonly kind: 'InList'
  readonly operand: Expression
  readonly items: readonly Expression[]
  readonly negated: boolean
}

/** `(a, b) IN (SELECT …)` has a `RowConstructor` as operand. */
export interface InSubquery extends AstNode {
  readonly kind: 'InSubquery'
  readonly operand: Expression
  readonly query: Query
  readonly negated: boolean
}

/** `x > ALL (SELECT …)`; SOME is read as ANY. */
export interface QuantifiedComparison extends AstNode {
  readonly kind: 'QuantifiedComparison'
  readonly operator: ComparisonOperator
  readonly quantifier: 'ANY' | 'ALL'
  readonly operand: Expression
  readonly query: Query
}

/** NOT EXISTS is a `UnaryOperation` around this. */
export interface Exists extends AstNode {
  readonly kind: 'Exists'
  readonly query: Query
}

export interface ScalarSubquery extends AstNode {
  readonly kind: 'ScalarSubquery'
  readonly query: Query
}

/** `(leftStart, leftEnd) OVERLAPS (rightStart, rightEnd)`; an end may be an interval. */
export interface Overlaps extends AstNode {
  readonly kind: 'Overlaps'
  readonly leftStart: Expression
  readonly leftEnd: Expression
  readonly rightStart: Expression
  readonly rightEnd: Expression
}

/** `ROW(a, b)` or `(a, b)`; one field only with ROW. */
export interface RowConstructor extends AstNode {
  readonly kind: 'RowConstructor'
  readonly fields: readonly Expression[]
}

export interface ArrayConstructor extends AstNode {
  readonly kind: 'ArrayConstructor'
  readonly elements: readonly Expression[]
}

export interface MultisetConstructor extends AstNode {
  readonly kind: 'MultisetConstructor'
  readonly elements: readonly Expression[]
}

export interface MapEntry {
  readonly key: Expression
  readonly value: Expression
}

export interface MapConstructor extends AstNode {
  readonly kind: 'MapConstructor'
  readonly entries: readonly MapEntry[]
}

/**
 * Every call whose arguments can be listed, including these spellings:
 * - `EXTRACT(u FROM x)` → EXTRACT(TimeUnit, x); `FLOOR(x TO u)`, `CEIL(x TO u)` → FLOOR(x, TimeUnit)
 * - `TIMESTAMPADD(u, n, t)`, `TIMESTAMPDIFF(u, a, b)` → first argument is a TimeUnit
 * - `SUBSTRING(s FROM a FOR n)` → SUBSTRING(s, a, n); `POSITION(a IN b FROM n)` → POSITION(a, b, n)
 * - `OVERLAY(a PLACING b FROM c FOR d)` → OVERLAY(a, b, c, d)
 * - `CURRENT_DATE`, `LOCALTIMESTAMP` and the like without parentheses → no arguments
 * Names keep the case they were written in. Legacy group windows (`TUMBLE(ts, INTERVAL …)`) are calls as well.
 */
export interface FunctionCall extends AstNode {
  readonly kind: 'FunctionCall'
  readonly name: QualifiedName
  readonly args: readonly Argument[]
  readonly distinct: boolean
  readonly withinGroup: readonly OrderItem[]
  readonly filter: Expression | undefined
  readonly nullTreatment: 'IGNORE NULLS' | 'RESPECT NULLS' | undefined
  readonly over: WindowSpecification | WindowReference | undefined
}

/** `name` is set for `NAME => value`. */
export interface Argument extends AstNode {
  readonly kind: 'Argument'
  readonly name: Identifier | undefined
  readonly value: ArgumentValue
}

export type ArgumentValue =
  | Expression
  | Star
  | TimeUnitArgument
  | TableArgument
  | Descriptor
  | DefaultArgument

/** `*` or `t.*`: a select item, or the argument of COUNT. */
export interface Star extends AstNode {
  readonly kind: 'Star'
  readonly qualifier: readonly Identifier[]
}

export const timeUnits = [
  'YEAR',
  'QUARTER',
  'MONTH',
  'WEEK',
  'DAY',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'MICROSECOND',
  'NANOSECOND',
  'DOW',
  'ISODOW',
  'DOY',
  'ISOYEAR',
  'EPOCH',
  'DECADE',
  'CENTURY',
  'MILLENNIUM',
] as const
export type TimeUnit = (typeof timeUnits)[number]

/** SQL_TSI_DAY and the like are read as DAY. */
export interface TimeUnitArgument extends AstNode {
  readonly kind: 'TimeUnitArgument'
  readonly unit: TimeUnit
}

/** `TABLE t [PARTITION BY …] [ORDER BY …]` or `(SELECT …) [PARTITION BY …]` as an argument of a table function. */
export interface TableArgument extends AstNode {
  readonly kind: 'TableArgument'
  readonly table: QualifiedName | Query
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
}

export interface Descriptor extends AstNode {
  readonly kind: 'Descriptor'
  readonly columns: readonly Identifier[]
}

/** The word DEFAULT in place of an argument. */
export interface DefaultArgument extends AstNode {
  readonly kind: 'DefaultArgument'
}
