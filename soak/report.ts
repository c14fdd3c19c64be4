/** The report: one HTML file that needs nothing else. */
import { type Line, lineChart, type Mark } from './charts.ts'
import type { Sample } from './sample.ts'
import type { Check, Evidence } from './verdict.ts'

export interface ReportHead {
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: string])[]
}

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const MIB = 1024 * 1024
const mib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`
const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`
const plain = (value: number) => value.toLocaleString('en-US')
const millis = (value: number) => `${Math.round(value)} ms`

const style = `
:root { color-scheme: light dark; --text: light-dark(#1c2024, #e6e8ea); --dim: light-dark(#667, #99a);
  --page: light-dark(#fff, #16181b); --grid: light-dark(#e4e6ea, #2b2f35); --a: light-dark(#1a66c4, #6cb0ff);
  --b: light-dark(#b3581b, #f0a35e); --c: light-dark(#3f8f3f, #7fcf7f); --good: light-dark(#26803a, #6fce84); --bad: light-dark(#c02626, #ff8080); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2rem auto; padding: 0 1rem; background: var(--page); color: var(--text); }
h1 { font-size: 1.5rem; } h2 { font-size: 1rem; margin: 1.6rem 0 .2rem; } table { border-collapse: collapse; }
td { padding: .15rem .8rem .15rem 0; vertical-align: top; } .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: var(--dim); } .grid { stroke: var(--grid); }
polyline { fill: none; stroke-width: 1.5; } .line0 { stroke: var(--a); } .line1 { stroke: var(--b); } .line2 { stroke: var(--c); }
.SIGKILL { stroke: var(--bad); stroke-dasharray: 3 3; } .SIGTERM { stroke: var(--dim); stroke-dasharray: 3 3; }
.key { color: var(--dim); font-size: .85rem; } .key b { font-weight: 600; } .k0 { color: var(--a); } .k1 { color: var(--b); } .k2 { color: var(--c); }`

const line = (name: string, samples: readonly Sample[], value: (sample: Sample) => number | null): Line => ({
  name,
  points: samples.flatMap(sample => {
    const found = value(sample)
    return found === null ? [] : [{ at: sample.at, value: found }]
  }),
})

/** Rows read in the second before each sample; a new process begins anew. */
function readRates(samples: readonly Sample[]): Line {
  const points = samples.flatMap((sample, i) => {
    const before = samples[i - 1]
    if (before === undefined || before.life !== sample.life || sample.at === before.at) return []
    return [{ at: sample.at, value: (sample.recordsIn - before.recordsIn) / (sample.at - before.at) }]
  })
  return { name: 'records read per second', points }
}

export function htmlReport(head: ReportHead, { samples, lives }: Evidence, checks: readonly Check[]): string {
  const seconds = Math.max(1, ...lives.map(({ to }) => to))
  const marks: Mark[] = lives.map(({ to, endedBy }) => ({ at: to, kind: endedBy }))
  const chart = (title: string, lines: readonly Line[], show: (value: number) => string) => {
    const shown = lines.filter(({ points }) => points.length > 0)
    if (shown.length === 0) return ''
    const key = shown.map(({ name }, i) => `<b class="k${i}">${html(name)}</b>`).join(' · ')
    return `<h2>${html(title)}</h2><div class="key">${key}</div>${lineChart(shown, marks, seconds, show)}`
  }
  const row = ({ name, holds, text }: Check) =>
    `<tr><td class="${holds ? 'good' : 'bad'}">${holds ? '✓' : '✗'} ${html(name)}</td><td>${html(text)}</td></tr>`
  const memory = [line('resident', samples, s => s.rssBytes), line('V8 heap', samples, s => s.heapBytes)]
  const state = [
    line('state in the last checkpoint', samples, s => s.checkpointBytes),
    line('all checkpoints on disk', samples, s => s.checkpointsOnDiskBytes),
  ]
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${html(head.title)}</title><style>${style}</style>
<h1>${html(head.title)}</h1>
<table>${head.facts.map(([name, value]) => `<tr><td>${html(name)}</td><td>${html(value)}</td></tr>`).join('')}</table>
<h2>Verdict</h2><table>${checks.map(row).join('')}</table>
<p class="key">Dashed lines: <span class="bad">SIGKILL</span>, SIGTERM (a savepoint, then a new process).</p>
${chart('Memory', memory, mib)}
${chart('Open files', [line('open files', samples, s => s.numHandles)], plain)}
${chart('Checkpoint size', state, kib)}
${chart('Checkpoint duration', [line('last checkpoint', samples, s => s.checkpointMs)], millis)}
${chart('Throughput', [readRates(samples)], plain)}
${chart('Lag', [line('records behind', samples, s => s.lag)], plain)}
</html>
`
}
