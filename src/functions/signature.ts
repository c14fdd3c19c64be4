/**
 * Signatures as text: `(STRING, INT?) -> STRING`, `(T numeric, T) -> T`, `(STRING, STRING...) -> STRING`.
 *
 *   signature := '(' [ parameter { ',' parameter } ] ')' '->' result
 *   parameter := ( type | class | variable [class] ) [ '?' | '...' ]      '?' optional, '...' one or more
 *   class     := numeric | integral | exact | approximate | string | binary | temporal | timestamp | interval
 *              | comparable | array | map | row | any
 *   variable  := one capital letter; all its arguments are cast to their common type
 *
 * A concrete type accepts its family as it is (STRING any CHAR or VARCHAR, TIMESTAMP(p) any precision, DECIMAL any
 * digits); other types are cast to it when an implicit cast exists.
 */
import { internalError } from '../errors/index.ts'
import {
  canCastImplicitly,
  commonType,
  isApproximate,
  isBinary,
  isCharacter,
  isComparable,
  isExactNumeric,
  isIntegral,
  isInterval,
  isNumeric,
  isTemporal,
  isTimestamp,
  type LogicalType,
  nullType,
  parseTypeText,
  sameType,
} from '../types/index.ts'
import type { ArgumentInfo } from './resolution.ts'

const classes: Readonly<Record<string, (type: LogicalType) => boolean>> = {
  any: () => true,
  numeric: isNumeric,
  integral: isIntegral,
  exact: isExactNumeric,
  approximate: isApproximate,
  string: isCharacter,
  binary: isBinary,
  temporal: isTemporal,
  timestamp: isTimestamp,
  interval: isInterval,
  comparable: isComparable,
  array: type => type.kind === 'ARRAY',
  map: type => type.kind === 'MAP',
  row: type => type.kind === 'ROW',
}

interface Parameter {
  readonly variable: string | undefined
  readonly accepts: ((type: LogicalType) => boolean) | undefined
  readonly type: LogicalType | undefined
  readonly repeat: 'one' | 'optional' | 'many'
}

export interface Signature {
  readonly text: string
  readonly parameters: readonly Parameter[]
  readonly result: LogicalType | string
}

export interface Match {
  readonly argumentTypes: readonly LogicalType[]
  readonly resultType: LogicalType
  /** Number of arguments that need a cast: the overload with the fewest wins. */
  readonly casts: number
}

function parseParameter(text: string): Parameter {
  const repeat = text.endsWith('...') ? 'many' : text.endsWith('?') ? 'optional' : 'one'
  const body = text.replace(/(\.\.\.|\?)$/, '').trim()
  const variable = /^([A-Z])(?:\s+([a-z]+))?$/.exec(body)
  const className = variable === null ? body : (variable[2] ?? 'any')
  const accepts = classes[className]
  if (variable === null && accepts === undefined)
    return { variable: undefined, accepts: undefined, type: parseTypeText(body), repeat }
  if (accepts === undefined) throw internalError(`unknown type class '${className}' in a signature`)
  return { variable: variable?.[1], accepts, type: undefined, repeat }
}

/** Splits at commas outside `<…>` and `(…)`. */
function splitParameters(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '<' || char === '(') depth++
    else if (char === '>' || char === ')') depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return parts.map(part => part.trim()).filter(part => part !== '')
}

export function parseSignature(text: string): Signature {
  const match = /^\((.*)\)\s*->\s*(.+)$/.exec(text)
  if (match === null) throw internalError(`cannot read signature '${text}'`)
  const result = match[2]!.trim()
  return {
    text,
    parameters: splitParameters(match[1]!).map(parseParameter),
    result: /^[A-Z]$/.test(result) || classes[result] !== undefined ? result : parseTypeText(result),
  }
}

/** Whether a value of this type can stay as it is where the signature says `wanted`. */
function sameFamily(type: LogicalType, wanted: LogicalType): boolean {
  if (isCharacter(wanted)) return isCharacter(type)
  if (isBinary(wanted)) return isBinary(type)
  return type.kind === wanted.kind && (isPrecise(type) || sameType(type, wanted))
}
const isPrecise = (type: LogicalType): boolean =>
  type.kind === 'DECIMAL' || type.kind === 'TIME' || isTimestamp(type)

/** The parameters, one per argument; undefined when the count does not fit. */
function spread(signature: Signature, count: number): Parameter[] | undefined {
  const list: Parameter[] = []
  for (const parameter of signature.parameters) {
    if (parameter.repeat === 'many') {
      const rest = count - (signature.parameters.length - 1)
      if (rest < 1) return undefined
      for (let i = 0; i < rest; i++) list.push(parameter)
    } else if (parameter.repeat === 'one' || list.length < count) list.push(parameter)
  }
  return list.length === count ? list : undefined
}

function bindVariables(
  list: readonly Parameter[],
  args: readonly ArgumentInfo[],
): Map<string, LogicalType> | undefined {
  const bound = new Map<string, LogicalType[]>()
  for (let i = 0; i < list.length; i++) {
    const { variable } = list[i]!
    if (variable !== undefined) bound.set(variable, [...(bound.get(variable) ?? []), args[i]!.type])
  }
  const types = new Map<string, LogicalType>()
  for (const [variable, candidates] of bound) {
    const common = commonType(candidates)
    if (common === undefined) return undefined
    types.set(variable, common)
  }
  return types
}

export function matchSignature(signature: Signature, args: readonly ArgumentInfo[]): Match | undefined {
  const list = spread(signature, args.length)
  if (list === undefined) return undefined
  const variables = bindVariables(list, args)
  if (variables === undefined) return undefined
  const argumentTypes: LogicalType[] = []
  let casts = 0
  for (let i = 0; i < list.length; i++) {
    const parameter = list[i]!
    const { type } = args[i]!
    const wanted = targetType(parameter, type, variables)
    if (wanted === undefined) return undefined
    if (!sameType(wanted, type)) casts++
    argumentTypes.push(wanted)
  }
  const result =
    typeof signature.result === 'string' ? (variables.get(signature.result) ?? nullType) : signature.result
  return { argumentTypes, resultType: result, casts }
}

function targetType(
  parameter: Parameter,
  type: LogicalType,
  variables: ReadonlyMap<string, LogicalType>,
): LogicalType | undefined {
  if (parameter.type !== undefined) {
    if (sameFamily(type, parameter.type)) return type
    return canCastImplicitly(type, parameter.type)
      ? ({ ...parameter.type, nullable: type.nullable } as LogicalType)
      : undefined
  }
  const wanted = parameter.variable === undefined ? type : variables.get(parameter.variable)!
  if (wanted.kind !== 'NULL' && !parameter.accepts!(wanted)) return undefined
  return { ...wanted, nullable: type.nullable } as LogicalType
}
