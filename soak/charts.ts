/** Line charts as SVG: no scripts, colours from the page. */
export interface Line {
  readonly name: string
  readonly points: readonly { readonly at: number; readonly value: number }[]
}

export interface Mark {
  readonly at: number
  readonly kind: 'SIGKILL' | 'SIGTERM'
}

const WIDTH = 900
const HEIGHT = 200
const LEFT = 70
const BOTTOM = 24
const TOP = 10
const MAX_POINTS = 450

/** The next of 1, 2, 5, 10, … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= value) ?? value
}

/** First and largest of each bucket, so that peaks stay. */
function thin(points: Line['points']): Line['points'] {
  const size = Math.ceil(points.length / (MAX_POINTS / 2))
  if (size <= 1) return points
  const kept: Line['points'][number][] = []
  for (let from = 0; from < points.length; from += size) {
    const bucket = points.slice(from, from + size)
    const largest = bucket.reduce((most, point) => (point.value > most.value ? point : most))
    kept.push(...(largest === bucket[0] ? [largest] : [bucket[0]!, largest]))
  }
  return kept
}

export function lineChart(
  lines: readonly Line[],
  marks: readonly Mark[],
  seconds: number,
  show: (value: number) => string,
): string {
  const largest = Math.max(...lines.flatMap(({ points }) => points.map(({ value }) => value)), 1)
  const step = roundUp(largest / 4)
  const top = Math.ceil(largest / step) * step
  const x = (at: number) => (LEFT + (at / seconds) * (WIDTH - LEFT)).toFixed(1)
  const y = (value: number) => (TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)).toFixed(1)
  const parts: string[] = []
  for (let value = 0; value <= top; value += step) {
    parts.push(`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}"/>`)
    parts.push(`<text x="${LEFT - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${show(value)}</text>`)
  }
  const minutes = roundUp(seconds / 60 / 8)
  for (let at = 0; at <= seconds; at += minutes * 60)
    parts.push(
      `<text x="${x(at)}" y="${HEIGHT - 6}" text-anchor="middle">${+(at / 60).toFixed(2)} min</text>`,
    )
  for (const { at, kind } of marks) {
    const line = `x1="${x(at)}" x2="${x(at)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"`
    parts.push(`<line class="${kind}" ${line}><title>${kind}</title></line>`)
  }
  lines.forEach(({ name, points }, i) => {
    const path = thin(points).map(({ at, value }) => `${x(at)},${y(value)}`)
    parts.push(`<polyline class="line${i}" points="${path.join(' ')}"><title>${name}</title></polyline>`)
  })
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${parts.join('')}</svg>`
}
