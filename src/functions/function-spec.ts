/**
 * One SQL function as data: names, signatures, result type, bodies, documentation and examples.
 *
 * Bodies. `naive` works on plain values (types/plain-value.ts) and is always there: it is the second opinion of
 * the tests and what compiled code falls back to. `implement` offers the fast form for the argument types at hand:
 * - `inline`: JavaScript text over value locals, for fixed-width results;
 * - `kernel`: a function called once per row with flattened arguments, for strings. Strings are passed as
 *   (bytes, start, end), TIMESTAMP(7–9) as (ms, nanos), everything else as one value; BOOLEAN is a boolean.
 * Literals reach both as constants, never as text.
 */
import type { LogicalType, PlainValue } from '../types/index.ts'
import type { ArgumentInfo } from './resolution.ts'

export interface FunctionEnvironment {
  readonly timeZone: string
  now(): number
  currentWatermark(): number
}

/** What a body may know of its call. */
export interface CallContext {
  readonly argumentTypes: readonly LogicalType[]
  readonly resultType: LogicalType
  /** Plain value of each argument that is a constant (null for a NULL literal), undefined otherwise. */
  readonly constants: readonly (PlainValue | undefined)[]
  readonly environment: FunctionEnvironment
}

export type NaiveBody = (args: readonly PlainValue[], call: CallContext) => PlainValue

/** Names for an inline emitter. */
export interface InlineContext extends CallContext {
  /** A name bound to this value (function, pattern, number …) in the kernel. */
  constant(value: unknown): string
  /** Processing time of the batch, epoch ms. */
  now(): string
}

/**
 * The locals that hold one argument: [value], [ms, nanos] or [bytes, start, end]. 64-bit integers that come from a
 * column or a literal have their (lo, hi) `words` too: V8 may be slow with BigInt64Array (design.md §2), never with
 * these.
 */
export interface ArgumentText extends ReadonlyArray<string> {
  readonly words?: readonly [lo: string, hi: string]
}

export interface InlineImplementation {
  readonly kind: 'inline'
  /** Cheap and never throws: may be evaluated even where an argument is NULL. */
  readonly total: boolean
  /** The result; two texts when it is a TIMESTAMP(7–9). */
  emit(context: InlineContext, args: readonly ArgumentText[]): string | readonly string[]
  /** The (lo, hi) words of a 64-bit result, when the arguments have what it takes (see word-arithmetic.ts). */
  readonly emitWords?:
    | ((
        context: InlineContext,
        args: readonly ArgumentText[],
      ) => readonly [lo: string, hi: string] | undefined)
    | undefined
}

/** Where kernels with `result: 'slot'` leave numbers, so that none is boxed: ms or double, int64, nanoseconds. */
export interface Slot {
  readonly f64: Float64Array
  readonly i64: BigInt64Array
  readonly i32: Int32Array
}

// biome-ignore lint/suspicious/noExplicitAny: the flattened arguments differ by signature
export type KernelFunction = (...args: any[]) => unknown

export interface KernelImplementation {
  readonly kind: 'kernel'
  /**
   * `value`: returned, null for NULL. `slot`: written to the Slot given last, returns false for NULL. `sink`:
   * bytes appended to the ByteSink given last, returns false for NULL (bytes written so far are dropped).
   */
  readonly result: 'value' | 'slot' | 'sink'
  /** Whether NULL may come out although no argument is NULL. */
  readonly nullable: boolean
  make(call: CallContext): KernelFunction
}

export type Implementation = InlineImplementation | KernelImplementation

export interface Example {
  readonly sql: string
  /** SQL text of the expected result, a literal or CAST of one. */
  readonly result: string
}

export interface ScalarSpec {
  /** Canonical name first. Upper case. */
  readonly names: readonly [string, ...string[]]
  /** Overloads, e.g. `'(STRING, INT) -> STRING'`; grammar in signature.ts. */
  readonly signatures: readonly string[]
  /** Replaces the signature's result type (its nullability is set by `nulls`, unless `nullability` says otherwise). */
  readonly inferReturn?: (args: readonly ArgumentInfo[]) => LogicalType
  /** Replaces signature matching: the types arguments are cast to, or undefined when they do not fit. */
  readonly inferArguments?: (args: readonly ArgumentInfo[]) => readonly LogicalType[] | undefined
  /**
   * `propagate`: NULL if any argument is NULL (the bodies then never see one). `custom`: bodies see NULLs.
   * `lazy`: the kernel compiler has its own form for it (AND, COALESCE …); `naive` gets evaluated arguments.
   */
  readonly nulls: 'propagate' | 'custom' | 'lazy'
  /** Whether the result may be NULL: default is "when an argument may be". */
  readonly nullability?: 'always' | 'never' | ((args: readonly ArgumentInfo[]) => boolean)
  readonly deterministic?: boolean
  readonly implement?: (call: CallContext) => Implementation | undefined
  readonly naive: NaiveBody
  readonly doc: string
  readonly examples: readonly Example[]
}

export const inline = (
  emit: InlineImplementation['emit'],
  options: { readonly total?: boolean; readonly emitWords?: InlineImplementation['emitWords'] } = {},
): InlineImplementation => ({ kind: 'inline', total: false, emit, ...options })

export const kernel = (
  result: KernelImplementation['result'],
  make: KernelImplementation['make'],
  options: { readonly nullable?: boolean } = {},
): KernelImplementation => ({ kind: 'kernel', result, nullable: options.nullable ?? false, make })
