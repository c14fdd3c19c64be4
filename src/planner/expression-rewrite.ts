/** Small tools over bound expressions that binder, rules and traits share. */
import { assertNever } from '../errors/index.ts'
import { type BoundExpression, type InputRef, isDeterministic, type Literal } from '../expressions/index.ts'
import { booleanType, type LogicalType, sameType } from '../types/index.ts'
import type { OutputField } from './plan-graph/plan-graph.ts'

export const inputRef = (index: number, type: LogicalType): InputRef => ({ kind: 'InputRef', index, type })

/** References to all columns of an output, in order. */
export const allColumns = (output: readonly OutputField[]): readonly InputRef[] =>
  output.map((f, i) => inputRef(i, f.type))

export function partsOf(e: BoundExpression): readonly BoundExpression[] {
  switch (e.kind) {
    case 'InputRef':
    case 'Literal':
      return []
    case 'Call':
      return e.arguments
    case 'Cast':
      return [e.operand]
    case 'Case':
      return [...e.branches.flatMap(b => [b.when, b.then]), e.otherwise]
    default:
      return assertNever(e, 'expression')
  }
}

/** Replaces every input reference. */
export function mapInputs(e: BoundExpression, replace: (ref: InputRef) => BoundExpression): BoundExpression {
  switch (e.kind) {
    case 'InputRef':
      return replace(e)
    case 'Literal':
      return e
    case 'Call':
      return { ...e, arguments: e.arguments.map(a => mapInputs(a, replace)) }
    case 'Cast':
      return { ...e, operand: mapInputs(e.operand, replace) }
    case 'Case':
      return {
        ...e,
        branches: e.branches.map(b => ({
          when: mapInputs(b.when, replace),
          then: mapInputs(b.then, replace),
        })),
        otherwise: mapInputs(e.otherwise, replace),
      }
    default:
      return assertNever(e, 'expression')
  }
}

/**
 * `e` over a projection, rewritten over the projection's input. A reference may read its column as another type of
 * the same storage (the simplifier drops casts that change nothing); the type it reads is kept.
 */
export const substitute = (e: BoundExpression, projections: readonly BoundExpression[]): BoundExpression =>
  mapInputs(e, ref => castTo(projections[ref.index]!, ref.type))

/** `e` after its columns moved: old index → new index. */
export const remap = (e: BoundExpression, indexOf: (old: number) => number): BoundExpression =>
  mapInputs(e, ref => inputRef(indexOf(ref.index), ref.type))

/** Adds the columns an expression reads, each as often as it is read. */
export function countInputs(
  e: BoundExpression,
  counts: Map<number, number> = new Map(),
): Map<number, number> {
  if (e.kind === 'InputRef') counts.set(e.index, (counts.get(e.index) ?? 0) + 1)
  else for (const part of partsOf(e)) countInputs(part, counts)
  return counts
}

export const inputsRead = (e: BoundExpression): readonly number[] => [...countInputs(e).keys()]

/** Number of nodes. */
export const sizeOf = (e: BoundExpression): number => partsOf(e).reduce((sum, part) => sum + sizeOf(part), 1)

/**
 * Whether writing `inner` into `outer` would repeat so much that computing it once is better: layers of views
 * that use a column twice would otherwise double it with each layer.
 */
export function growsTooMuch(outer: readonly BoundExpression[], inner: readonly BoundExpression[]): boolean {
  const counts = new Map<number, number>()
  for (const e of outer) countInputs(e, counts)
  let repeated = 0
  for (const [column, count] of counts) {
    const size = sizeOf(inner[column]!)
    if (size > 1) repeated += (count - 1) * size
  }
  return repeated > 100
}

/** Whether the value may differ from call to call: never folded, never evaluated twice for one column. */
export const isVolatile = (e: BoundExpression): boolean => !isDeterministic(e)

/** The operands of a chain of ANDs. */
export function conjuncts(e: BoundExpression): readonly BoundExpression[] {
  return e.kind === 'Call' && e.function === 'AND' ? e.arguments.flatMap(conjuncts) : [e]
}

/** The conjunction of conditions, or null for none. */
export function conjunction(conditions: readonly BoundExpression[]): BoundExpression | null {
  if (conditions.length === 0) return null
  return conditions.reduce((left, right) => ({
    kind: 'Call',
    function: 'AND',
    arguments: [left, right],
    type: booleanType(left.type.nullable || right.type.nullable),
  }))
}

export const isTrueLiteral = (e: BoundExpression): boolean =>
  e.kind === 'Literal' && e.type.kind === 'BOOLEAN' && e.value === 1

/** The expression as `type`; nullability alone needs no cast. */
export function castTo(e: BoundExpression, type: LogicalType): BoundExpression {
  if (sameType(e.type, type)) return e
  if (e.kind === 'Literal' && e.value === null) return { kind: 'Literal', value: null, type }
  return {
    kind: 'Cast',
    operand: e,
    safe: false,
    type: { ...type, nullable: e.type.nullable } as LogicalType,
  }
}

export const nullLiteral = (type: LogicalType): Literal => ({
  kind: 'Literal',
  value: null,
  type: { ...type, nullable: true } as LogicalType,
})

/** A whole number behind casts, as a number; undefined for anything else. */
export function constantInteger(e: BoundExpression): number | undefined {
  if (e.kind === 'Cast') return constantInteger(e.operand)
  if (e.kind !== 'Literal' || e.value === null) return undefined
  const value = typeof e.value === 'number' || typeof e.value === 'string' ? Number(e.value) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}

export const isIdentity = (projections: readonly BoundExpression[], numColumns: number): boolean =>
  projections.length === numColumns && projections.every((e, i) => e.kind === 'InputRef' && e.index === i)
