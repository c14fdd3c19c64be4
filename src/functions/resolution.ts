/**
 * What the binder asks of the function registry (src/functions/registry.ts):
 *
 *   resolveScalar(name, args): FunctionResolution      operators too: '+', '=', 'AND', 'IS NULL', '||' …
 *   resolveAggregate(name, args): FunctionResolution
 *   isScalarFunction(name) / isAggregateFunction(name): boolean
 *   scalarFunctionNames() / aggregateFunctionNames(): readonly string[]     for nearest names, SHOW FUNCTIONS
 *
 * A name that is unknown or arguments that fit no signature throw a ValidationError without position (codes
 * MR_FUNCTION_UNKNOWN, MR_FUNCTION_ARGUMENTS, with the signatures as `expected`); the binder adds the position.
 */
import type { LogicalType } from '../types/index.ts'

export interface ArgumentInfo {
  readonly type: LogicalType
  /** The text or number of a literal argument (units, patterns, lengths), when it is one. */
  readonly literal?: string | number | null
}

export interface FunctionResolution {
  /** Canonical name, as it stands in `Call.function`. */
  readonly function: string
  /** The type each argument must be cast to. */
  readonly argumentTypes: readonly LogicalType[]
  readonly returnType: LogicalType
  /** False for RAND, UUID, NOW, PROCTIME …: never folded at plan time. */
  readonly deterministic: boolean
}
