/** Cost as work grows, and the pause of a checkpoint as state does. */
import { type Curve, curvesOf, lastOverFirst, MAX_SLOPE, type Slope, slopeOf } from '../growth/slope.ts'
import type { Figure } from '../harness.ts'
import { shown } from '../print.ts'
import { lineChart } from './charts.ts'
import { command, type MakeSection, table } from './section.ts'

const shapeNames = [
  'growth-windows',
  'growth-fields',
  'growth-partitions',
  'growth-sinks',
  'growth-parallelism',
]

const relative = (name: string, curve: Curve) => ({
  name,
  points: curve.points.map(({ at, value }) => ({
    x: at / curve.points[0]!.at,
    y: value / curve.points[0]!.value,
  })),
})

const slopeCells = (slope: Slope | null): readonly string[] =>
  slope === null
    ? ['', '']
    : [
        `${slope.overall.toFixed(2)}${slope.overall > MAX_SLOPE ? ', **worse than linear**' : ''}`,
        slope.steepest.toFixed(2),
      ]

function curveTable(figures: readonly Figure[]): string {
  const curves = curvesOf(figures)
  const sizes = [...new Set(figures.map(({ at = 0 }) => at))]
  const rows = curves.map(curve => [
    `${curve.name}, ${curve.unit}`,
    ...sizes.map(size => {
      const point = curve.points.find(({ at }) => at === size)
      return point === undefined ? '' : shown(point.value)
    }),
    `× ${shown(lastOverFirst(curve))}`,
    ...slopeCells(slopeOf(curve)),
  ])
  const head = ['', ...sizes.map(size => size.toLocaleString('en')), 'last over first', 'slope', 'steepest']
  return table(head, rows)
}

export const growth: MakeSection = results => {
  const names = ['growth-keys', ...shapeNames].filter(name => results.figures(name) !== undefined)
  if (names.length === 0) return null
  const series = names.flatMap(name => {
    const curves = curvesOf(results.figures(name)!).filter(({ unit }) => unit.endsWith('ns'))
    return name === 'growth-keys'
      ? curves.filter(curve => curve.name.startsWith('BIGINT')).map(curve => relative(curve.name, curve))
      : curves.map(curve => relative(name.replace('growth-', ''), curve))
  })
  const parts = names.map(
    name => `**${results.title(name)}** (\`${name}\`)\n\n${curveTable(results.figures(name)!)}`,
  )
  return {
    heading: 'Cost as work grows',
    text: `One thing grows at a time, each size in a process of its own, and what a unit of work costs is measured: a flat line is a
cost that is linear. The slope is the exponent e of cost ~ size^e, fitted by least squares to the logarithms of all sizes, where the
cost is that of the whole: of all new keys, of a record of so many fields, of a record for so many sinks (as many times the
unit's); of the same records at every size in the other lines. 1 is linear; 0 is a cost that does not depend on the size. The steepest
is the same between two neighbouring sizes, where noise and the edges of caches show. Where a line rises: ten million keys do
not fit into the processor's caches, and an update goes to memory several times; ten thousand windows of ten keys are a hundred
thousand groups, and each record of a batch is in a window of its own; and 64 readers deal what they have read out to 64 counters,
a few dozen rows at a time, over 4,096 channels.

![Cost of a unit of work as one thing grows](performance/growth.svg)

${parts.join('\n\n')}

${command(names, results.origin(names))}`,
    charts: {
      growth: lineChart({
        title: 'CPU time per unit of work, smallest size = 1',
        xLabel: 'times the smallest size',
        yLabel: 'times the cost',
        xTicks: [1, 10, 100, 1000, 10_000],
        yTicks: [0.05, 0.2, 1, 5, 20],
        series,
      }),
    },
  }
}

export const checkpoint: MakeSection = results => {
  const figures = results.figures('growth-checkpoint')
  if (figures === undefined) return null
  return {
    heading: 'The pause of a checkpoint',
    text: `A GROUP BY that holds so many keys goes on counting at random keys while a full snapshot is written to disk. What is
measured is the longest turn of the event loop: barrier, copies of rows that are written meanwhile, and pieces of the file. The
same in CPU leaves out what the machine gave to others. The slope is that of each line against the number of keys.

${curveTable(figures)}

${command(['growth-checkpoint'], results.origin(['growth-checkpoint']))}`,
    charts: {},
  }
}
