/**
 * Cost as one thing grows: each size runs in a process of its own, and what a unit of work costs there is a point of
 * the curve. The last line is the slope: what a unit costs at the largest size over what it costs at the smallest. A
 * cost that is linear keeps it near 1; caches that no longer hold the data may triple it.
 */
import type { Figure, FigureBenchmark } from '../harness.ts'
import { shown } from '../print.ts'

/** Figures of one size; their names are the curves. */
export type MeasureSize = (size: number, scale: number) => Promise<readonly Omit<Figure, 'at'>[]>

export interface Axis {
  readonly name: string
  readonly title: string
  readonly sizes: readonly number[]
  /** Runs one size in a process of its own. */
  measure(size: number, scale: number): Promise<readonly Omit<Figure, 'at'>[]> | readonly Omit<Figure, 'at'>[]
}

export function growthBenchmark({ name, title, sizes, measure }: Axis): FigureBenchmark {
  return {
    kind: 'figures',
    name,
    title,
    async figures(scale) {
      const figures: Figure[] = []
      for (const size of scale < 1 ? sizes.slice(0, 1) : sizes) {
        for (const figure of await measure(size, scale)) figures.push({ ...figure, at: size })
      }
      return figures
    },
    print: printCurves,
  }
}

export interface Curve {
  readonly name: string
  readonly unit: string
  readonly points: readonly { readonly at: number; readonly value: number }[]
}

export function curvesOf(figures: readonly Figure[]): readonly Curve[] {
  const curves = new Map<string, { name: string; unit: string; points: { at: number; value: number }[] }>()
  for (const { name, unit, at = 0, value } of figures) {
    const curve = curves.get(name) ?? { name, unit, points: [] }
    curves.set(name, curve)
    curve.points.push({ at, value })
  }
  return [...curves.values()]
}

/** The last over the first. */
export const slopeOf = ({ points }: Curve): number => points.at(-1)!.value / points[0]!.value

function printCurves(figures: readonly Figure[]): void {
  for (const curve of curvesOf(figures)) {
    const points = curve.points.map(({ at, value }) => `${at.toLocaleString('en')}: ${shown(value)}`)
    const slope =
      curve.points.length > 1 && curve.points[0]!.value > 0 ? `  (× ${shown(slopeOf(curve))})` : ''
    console.log(`  ${`${curve.name}, ${curve.unit}`.padEnd(44)} ${points.join('   ')}${slope}`)
  }
}
