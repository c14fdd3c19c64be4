/** The function registry of resolution.ts: scalar functions and operators, and aggregates by signature. */
import { type MillraceError, nearestName, validationError } from '../errors/index.ts'
import { type LogicalType, typeToString, withNullable } from '../types/index.ts'
import { aggregateFunctions } from './aggregate/index.ts'
import type { ScalarSpec } from './function-spec.ts'
import type { ArgumentInfo, FunctionResolution } from './resolution.ts'
import { scalarFunctions } from './scalar/index.ts'
import { type Match, matchSignature, parseSignature, type Signature } from './signature.ts'

interface Entry<Spec> {
  readonly spec: Spec
  readonly signatures: readonly Signature[]
}

function index<Spec extends { readonly names: readonly string[]; readonly signatures: readonly string[] }>(
  specs: readonly Spec[],
): ReadonlyMap<string, readonly Entry<Spec>[]> {
  const entries = new Map<string, Entry<Spec>[]>()
  for (const spec of specs) {
    const entry = { spec, signatures: spec.signatures.map(parseSignature) }
    for (const name of spec.names) entries.set(name, [...(entries.get(name) ?? []), entry])
  }
  return entries
}

const scalars = index(scalarFunctions)
const aggregates = index(aggregateFunctions)

export const isScalarFunction = (name: string): boolean => scalars.has(name.toUpperCase())
export const isAggregateFunction = (name: string): boolean => aggregates.has(name.toUpperCase())
export const scalarFunctionNames = (): readonly string[] => [...scalars.keys()]
export const aggregateFunctionNames = (): readonly string[] => [...aggregates.keys()]

const canonical = new Map(scalarFunctions.map(spec => [spec.names[0], spec]))

/** The spec behind `Call.function`, which is a canonical name; undefined for unknown names. */
export const scalarSpec = (name: string): ScalarSpec | undefined => canonical.get(name)

function unknownFunction(name: string): MillraceError {
  const nearest = nearestName(name, [...scalars.keys(), ...aggregates.keys()])
  return validationError('MR_FUNCTION_UNKNOWN', `no function named ${name.toUpperCase()}`, { nearest })
}

function wrongArguments(
  name: string,
  args: readonly ArgumentInfo[],
  signatures: readonly Signature[],
): MillraceError {
  const given = args.map(arg => typeToString(withNullable(arg.type, true))).join(', ')
  return validationError('MR_FUNCTION_ARGUMENTS', `${name} does not take (${given})`, {
    expected: signatures.map(signature => `${name}${signature.text}`),
  })
}

/** The signature that needs the fewest casts; the first one wins a tie. */
function bestMatch(signatures: readonly Signature[], args: readonly ArgumentInfo[]): Match | undefined {
  let best: Match | undefined
  for (const signature of signatures) {
    const match = matchSignature(signature, args)
    if (match !== undefined && (best === undefined || match.casts < best.casts)) best = match
  }
  return best
}

interface Typed {
  readonly signatures: readonly string[]
  readonly inferArguments?: (args: readonly ArgumentInfo[]) => readonly LogicalType[] | undefined
  readonly inferReturn?: (args: readonly ArgumentInfo[]) => LogicalType
}

interface Typing<Spec> {
  readonly spec: Spec
  readonly argumentTypes: readonly LogicalType[]
  readonly returnType: LogicalType
}

function typesOf<Spec extends Typed>(
  { spec, signatures }: Entry<Spec>,
  args: readonly ArgumentInfo[],
): Typing<Spec> | undefined {
  const match = spec.inferArguments === undefined ? bestMatch(signatures, args) : undefined
  const argumentTypes = match?.argumentTypes ?? spec.inferArguments?.(args)
  if (argumentTypes === undefined) return undefined
  const declared = match?.resultType ?? (signatures[0]!.result as LogicalType)
  return { spec, argumentTypes, returnType: spec.inferReturn?.(args) ?? declared }
}

/** The first spec of that name whose signatures fit: FLOOR is one for numbers and one for times. */
function resolve<Spec extends Typed>(
  name: string,
  entries: readonly Entry<Spec>[] | undefined,
  args: readonly ArgumentInfo[],
): Typing<Spec> {
  if (entries === undefined) throw unknownFunction(name)
  for (const entry of entries) {
    const typing = typesOf(entry, args)
    if (typing !== undefined) return typing
  }
  throw wrongArguments(
    name.toUpperCase(),
    args,
    entries.flatMap(entry => entry.signatures),
  )
}

function isNullable(spec: ScalarSpec, args: readonly ArgumentInfo[]): boolean {
  switch (spec.nullability) {
    case 'always':
      return true
    case 'never':
      return false
    case undefined:
      return args.some(arg => arg.type.nullable)
    default:
      return spec.nullability(args)
  }
}

/** Throws MR_FUNCTION_UNKNOWN or MR_FUNCTION_ARGUMENTS. `name` in any case. */
export function resolveScalar(name: string, args: readonly ArgumentInfo[]): FunctionResolution {
  const { spec, argumentTypes, returnType } = resolve(name, scalars.get(name.toUpperCase()), args)
  return {
    function: spec.names[0],
    argumentTypes,
    returnType: withNullable(returnType, isNullable(spec, args)),
    deterministic: spec.deterministic ?? true,
  }
}

/** Throws like `resolveScalar`. COUNT(*) has no arguments. */
export function resolveAggregate(name: string, args: readonly ArgumentInfo[]): FunctionResolution {
  const { spec, argumentTypes, returnType } = resolve(name, aggregates.get(name.toUpperCase()), args)
  return {
    function: spec.names[0],
    argumentTypes,
    returnType: withNullable(returnType, spec.nullable),
    deterministic: true,
  }
}
