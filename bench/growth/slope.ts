/**
 * The slope of a curve: how the cost of the whole work grows with its size, as the exponent e of cost ~ size^e. 1 is linear,
 * 0 is a cost that does not depend on the size. Where a figure is the cost of one of the things that grow, the whole is as
 * many times that; where the same records are worked on at every size, or all is measured at once, the figure is the whole.
 */
import type { Figure } from '../harness.ts'

export interface Curve {
  readonly name: string
  readonly unit: string
  /** Whether a value is the cost of one of the things that grow. */
  readonly perSize: boolean
  readonly points: readonly { readonly at: number; readonly value: number }[]
}

export interface Slope {
  /** Least squares over all sizes, both in logarithms. */
  readonly overall: number
  /** The steepest between neighbouring sizes. */
  readonly steepest: number
}

/** What is above this is called worse than linear: caches that no longer hold the data and noise may add a tenth. */
export const MAX_SLOPE = 1.1

export function curvesOf(figures: readonly Figure[]): readonly Curve[] {
  const points = new Map<string, { at: number; value: number }[]>()
  const curves: Curve[] = []
  for (const { name, unit, at = 0, value, perSize = false } of figures) {
    let known = points.get(name)
    if (known === undefined) {
      known = []
      points.set(name, known)
      curves.push({ name, unit, perSize, points: known })
    }
    known.push({ at, value })
  }
  return curves
}

/** Null where there are not two sizes with a cost. */
export function slopeOf({ points, perSize }: Curve): Slope | null {
  if (points.length < 2 || points.some(({ at, value }) => at <= 0 || value <= 0)) return null
  const logs = points.map(({ at, value }) => ({
    x: Math.log(at),
    y: Math.log(perSize ? at * value : value),
  }))
  const middleX = mean(logs.map(({ x }) => x))
  const middleY = mean(logs.map(({ y }) => y))
  const rise = logs.reduce((sum, { x, y }) => sum + (x - middleX) * (y - middleY), 0)
  const run = logs.reduce((sum, { x }) => sum + (x - middleX) ** 2, 0)
  const steps = logs.slice(1).map(({ x, y }, i) => (y - logs[i]!.y) / (x - logs[i]!.x))
  return { overall: rise / run, steepest: Math.max(...steps) }
}

/** A unit at the largest size over one at the smallest. */
export const lastOverFirst = ({ points }: Curve): number => points.at(-1)!.value / points[0]!.value

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
