/**
 * The contract of aggregate functions. A function does not hold values: it says which typed state columns its
 * accumulator has, and emits JavaScript text that works on them. `aggregate-kernels.ts` puts the text of all
 * calls of an operator into one loop over the rows of a batch.
 *
 * In the text, `a` is the row inside the state page, `r` the row of the batch. NULL arguments, FILTER and
 * DISTINCT are handled by the loop: `accumulate` and `retract` see non-NULL arguments only.
 */
import type { LogicalType, Storage } from '../../types/index.ts'

/** Expressions for one value of a batch or of a page. `value` is the low word for i64. */
export interface ValueText {
  readonly storage: Storage
  /** A boolean expression. */
  readonly isNull: string
  readonly value: string
  /** i64 only. */
  readonly high: string
  /** msnanos only. */
  readonly nanos: string
  /** bytes only: `bytes[start, end)`. */
  readonly bytes: string
  readonly start: string
  readonly end: string
}

/** A state column of the current row; `value` and friends are assignable, except for bytes. */
export interface StateText extends ValueText {
  /** Assignable: 1 = NULL. */
  readonly nullByte: string
  /** A statement that stores a value of the same storage and clears the NULL mark. */
  set(value: ValueText): string
  /** A statement that makes the column NULL. */
  setNull(): string
}

export interface StateColumn {
  readonly name: string
  /** Nullable columns start as NULL, others as zero. */
  readonly type: LogicalType
}

export interface AggregateFunction {
  readonly state: readonly StateColumn[]
  accumulate(state: readonly StateText[], args: readonly ValueText[]): string
  /** Takes a value back that was accumulated before. Absent where only a value table can do that. */
  retract?(state: readonly StateText[], args: readonly ValueText[]): string
  /** Adds another accumulator of the same function. */
  merge(state: readonly StateText[], other: readonly ValueText[]): string
  /** Statements that assign the locals of `result`. */
  result(state: readonly StateText[], result: ResultText): string
}

/** Locals of one result, declared by the loop; `isNull` is true before. */
export interface ResultText {
  readonly storage: Storage
  readonly isNull: string
  readonly value: string
  readonly high: string
  readonly nanos: string
  readonly bytes: string
  readonly start: string
  readonly end: string
}

/** What a factory is told about a call. */
export interface AggregateSignature {
  readonly argumentTypes: readonly LogicalType[]
  readonly type: LogicalType
  /** Whether `retract` will be needed. */
  readonly retracts: boolean
}

export type AggregateFactory = (signature: AggregateSignature) => AggregateFunction
