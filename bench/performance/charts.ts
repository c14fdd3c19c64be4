/** Charts as small SVG files, readable on light and dark pages. Widths of text are guessed: no fonts are asked. */

const WIDTH = 760
const STYLE = `
    .paper { fill: #fff } .title { font-weight: 600; fill: #1f2430 } .text { fill: #1f2430 } .note { fill: #5b6270 }
    .axis { stroke: #c4cad4; stroke-width: 1 } .bar { fill: #b9c4d6 } .ours { fill: #2e7d4f }
    .s0 { --c: #2e7d4f } .s1 { --c: #b5651d } .s2 { --c: #3b6ea8 } .s3 { --c: #8a4fa3 } .s4 { --c: #b3261e } .s5 { --c: #52616b } .s6 { --c: #a08a1c }
    .line { fill: none; stroke: var(--c); stroke-width: 2 } .dot { fill: var(--c) } .name { fill: var(--c) }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #14171d } .title, .text { fill: #e6e9ef } .note { fill: #a7aebb } .axis { stroke: #3a424f }
      .bar { fill: #46536a } .ours { fill: #59b07c }
      .s0 { --c: #59b07c } .s1 { --c: #e39b4f } .s2 { --c: #7fb0e8 } .s3 { --c: #c795dd } .s4 { --c: #ff8a80 } .s5 { --c: #a7b4bd } .s6 { --c: #d9c254 }
    }`

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const at = (value: number): string => String(Math.round(value * 10) / 10)

function svg(title: string, height: number, body: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img">
  <title>${escaped(title)}</title>
  <style>${STYLE}
  </style>
  <rect class="paper" width="${WIDTH}" height="${height}"/>
  <text class="title" x="16" y="26">${escaped(title)}</text>
  ${body.join('\n  ')}
</svg>
`
}

export interface Bar {
  readonly label: string
  readonly value: number
  /** What stands behind the bar. */
  readonly text: string
  readonly isOurs?: boolean
}

export function barChart(title: string, bars: readonly Bar[]): string {
  const left = 24 + 7 * Math.max(...bars.map(({ label }) => label.length))
  const right = 24 + 7 * Math.max(...bars.map(({ text }) => text.length))
  const most = Math.max(...bars.map(({ value }) => value))
  const rows = bars.flatMap(({ label, value, text, isOurs }, i) => {
    const y = 44 + i * 30
    const width = Math.max(1, (value / most) * (WIDTH - left - right))
    return [
      `<text class="text" x="${left - 8}" y="${y + 16}" text-anchor="end">${escaped(label)}</text>`,
      `<rect class="${isOurs === true ? 'ours' : 'bar'}" x="${left}" y="${y}" width="${at(width)}" height="22" rx="3"/>`,
      `<text class="note" x="${at(left + width + 8)}" y="${y + 16}">${escaped(text)}</text>`,
    ]
  })
  return svg(title, 56 + bars.length * 30, rows)
}

export interface Series {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

export interface LineChart {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly xTicks: readonly number[]
  readonly yTicks: readonly number[]
  readonly series: readonly Series[]
}

const TOP = 64
const PLOT_HEIGHT = 250
const LEFT = 64
const RIGHT = 200

/** Both axes are logarithmic, from the first tick to the last. */
export function lineChart({ title, xLabel, yLabel, xTicks, yTicks, series }: LineChart): string {
  const place = (value: number, ticks: readonly number[]) =>
    Math.log(value / ticks[0]!) / Math.log(ticks.at(-1)! / ticks[0]!)
  const x = (value: number) => LEFT + place(value, xTicks) * (WIDTH - LEFT - RIGHT)
  const y = (value: number) => TOP + (1 - place(value, yTicks)) * PLOT_HEIGHT
  const bottom = TOP + PLOT_HEIGHT
  const grid = [
    ...yTicks.flatMap(tick => [
      `<line class="axis" x1="${LEFT}" y1="${at(y(tick))}" x2="${WIDTH - RIGHT}" y2="${at(y(tick))}"/>`,
      `<text class="note" x="${LEFT - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${tick.toLocaleString('en')}</text>`,
    ]),
    ...xTicks.map(
      tick =>
        `<text class="note" x="${at(x(tick))}" y="${bottom + 20}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
    ),
    `<text class="note" x="16" y="50">${escaped(yLabel)}</text>`,
    `<text class="note" x="${at((LEFT + WIDTH - RIGHT) / 2)}" y="${bottom + 42}" text-anchor="middle">${escaped(xLabel)}</text>`,
  ]
  const nameAt = spread(series.map(({ points }) => y(points.at(-1)!.y)))
  const lines = series.flatMap(({ name, points }, s) => {
    const path = points.map(point => `${at(x(point.x))},${at(y(point.y))}`)
    return [
      `<g class="s${s % 7}">`,
      `  <polyline class="line" points="${path.join(' ')}"/>`,
      ...points.map(point => `  <circle class="dot" cx="${at(x(point.x))}" cy="${at(y(point.y))}" r="3"/>`),
      `  <text class="name" x="${WIDTH - RIGHT + 10}" y="${at(nameAt[s]! + 4)}">${escaped(name)}</text>`,
      '</g>',
    ]
  })
  return svg(title, bottom + 56, [...grid, ...lines])
}

/** Heights of names, near where they should be and far enough apart to be read. */
function spread(wanted: readonly number[]): readonly number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!)
  const placed = [...wanted]
  for (let n = 1; n < order.length; n++)
    placed[order[n]!] = Math.max(placed[order[n]!]!, placed[order[n - 1]!]! + 16)
  return placed
}
