/**
 * Typed expressions: what the binder makes and the kernel compiler reads. Plain JSON, because they are part of
 * the plan graph that checkpoints keep.
 */
import type { LogicalType } from '../types/index.ts'

export interface InputRef {
  readonly kind: 'InputRef'
  readonly index: number
  readonly type: LogicalType
}

/**
 * A constant in the JSON form of its storage: `i32`/`f64` a number ('NaN', 'Infinity', '-Infinity' as text),
 * `i64` and big decimals decimal text of the (unscaled) integer, `bytes` text for CHAR/VARCHAR and base64 for
 * BINARY/VARBINARY, `msnanos` [ms, nanos]; null for NULL.
 */
export interface Literal {
  readonly kind: 'Literal'
  readonly value: LiteralValue
  readonly type: LogicalType
}
export type LiteralValue = number | string | readonly [number, number] | null

/**
 * A call of a scalar function or operator by its canonical name in the function registry ('+', 'AND', 'UPPER',
 * 'IS NULL', 'EXTRACT' …). Arguments already have the types the function's signature wants (the binder inserts
 * casts). Units, patterns and field names are Literal arguments.
 */
export interface Call {
  readonly kind: 'Call'
  readonly function: string
  readonly arguments: readonly BoundExpression[]
  readonly type: LogicalType
}

/** CAST and TRY_CAST (`safe`: NULL instead of an error). Implicit casts are the same node. */
export interface Cast {
  readonly kind: 'Cast'
  readonly operand: BoundExpression
  readonly safe: boolean
  readonly type: LogicalType
}

/** Searched CASE; branches are evaluated in order and lazily. Simple CASE is bound to this. */
export interface Case {
  readonly kind: 'Case'
  readonly branches: readonly { readonly when: BoundExpression; readonly then: BoundExpression }[]
  readonly otherwise: BoundExpression
  readonly type: LogicalType
}

export type BoundExpression = InputRef | Literal | Call | Cast | Case
