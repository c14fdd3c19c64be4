/**
 * Cost as one thing grows: each size runs in a process of its own, and what a unit of work costs there is a point of
 * the curve. Behind each curve stands its slope.
 */
import type { Figure, FigureBenchmark } from '../harness.ts'
import { shown } from '../print.ts'
import { curvesOf, lastOverFirst, MAX_SLOPE, slopeOf } from './slope.ts'

/** Figures of one size; their names are the curves. */
export type SizeFigures = readonly Omit<Figure, 'at'>[]

export interface Axis {
  readonly name: string
  /** What grows, and what work is done at each size. */
  readonly title: string
  readonly sizes: readonly number[]
  /** Runs one size in a process of its own. */
  measure(size: number, scale: number): Promise<SizeFigures> | SizeFigures
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

function printCurves(figures: readonly Figure[]): void {
  for (const curve of curvesOf(figures)) {
    const points = curve.points.map(({ at, value }) => `${at.toLocaleString('en')}: ${shown(value)}`)
    console.log(`  ${`${curve.name}, ${curve.unit}`.padEnd(44)} ${points.join('   ')}`)
    const slope = slopeOf(curve)
    if (slope === null) continue
    const verdict = slope.overall > MAX_SLOPE ? ' WORSE THAN LINEAR' : ''
    console.log(
      `    cost of the whole ~ size^${slope.overall.toFixed(2)}${verdict}, at the steepest ^${slope.steepest.toFixed(2)}; ` +
        `last over first × ${shown(lastOverFirst(curve))}`,
    )
  }
}
