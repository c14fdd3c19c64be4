/** Where rows are: what decides whether an exchange is needed. */
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { Exchange } from '../plan-graph/plan-graph.ts'
import { projectedPlaces } from './upsert-key.ts'

export type Distribution =
  | { readonly kind: 'any' }
  /** Rows with equal values of `keys`, hashed in this order, are in one subtask. */
  | { readonly kind: 'hash'; readonly keys: readonly number[] }
  | { readonly kind: 'singleton' }

export const anywhere: Distribution = { kind: 'any' }
export const singleton: Distribution = { kind: 'singleton' }
export const hashed = (keys: readonly number[]): Distribution =>
  keys.length === 0 ? singleton : { kind: 'hash', keys }

/** Distribution after a projection: lost when a key column is. */
export function projectedDistribution(
  distribution: Distribution,
  projections: readonly BoundExpression[],
): Distribution {
  if (distribution.kind !== 'hash') return distribution
  const places = projectedPlaces(projections)
  const keys = distribution.keys.map(k => places.get(k))
  return keys.every(k => k !== undefined) ? { kind: 'hash', keys } : anywhere
}

interface Placed {
  readonly distribution: Distribution
  readonly parallelism: number
}

/**
 * The exchange to an operator that keeps state by `keys`. Forward only when rows already lie by exactly these
 * keys: state is restored by the key group of its own keys.
 */
export function exchangeByKeys(from: Placed, keys: readonly number[], parallelism: number): Exchange {
  // One subtask to one subtask: all rows and all key groups are there already.
  if (from.parallelism === 1 && parallelism === 1) return { kind: 'forward' }
  if (keys.length === 0) return { kind: 'singleton' }
  const { distribution } = from
  const same =
    distribution.kind === 'hash' &&
    distribution.keys.length === keys.length &&
    distribution.keys.every((k, i) => k === keys[i])
  if (same && from.parallelism === parallelism) return { kind: 'forward' }
  return { kind: 'hash', keys }
}

/** The exchange to a sink that wants all versions of a row, in order, in one subtask. */
export function exchangeToKeyedSink(from: Placed, keys: readonly number[], parallelism: number): Exchange {
  const { distribution } = from
  const together =
    from.parallelism === 1 || (distribution.kind === 'hash' && distribution.keys.every(k => keys.includes(k)))
  if (together && from.parallelism === parallelism) return { kind: 'forward' }
  return { kind: 'hash', keys }
}
