/** docs/performance.md and its charts, made of the committed results and of nothing else. */
import type { Results } from './results.ts'
import { sections } from './sections.ts'

/** By path under docs. */
export function renderPerformance(results: Results): Readonly<Record<string, string>> {
  const made = sections.flatMap(make => make(results) ?? [])
  const page = `# Performance

Measured on ${results.machines.join(', and ')}. Machines like this one are noisy: ratios of contenders that took turns in one
run are what counts, absolute figures of different runs are not comparable. Every figure is printed by the command under it;
\`npm run bench -- NAME --json bench/results/\` keeps what it printed, and \`npm run performance\` makes this page of
what is kept.

${made.map(({ heading, text }) => `## ${heading}\n\n${text}`).join('\n\n')}
`
  const charts = made.flatMap(section => Object.entries(section.charts))
  return {
    'performance.md': page,
    ...Object.fromEntries(charts.map(([name, svg]) => [`performance/${name}.svg`, svg])),
  }
}
