/** The live view of one job as lines of text: columns that stay where they are, nothing wider than the terminal. */
import pc from 'picocolors'
import type { Progress } from './progress.ts'

type Style = (text: string) => string
type Segment = readonly [text: string, style?: Style]

const NUMBER_WIDTH = 15
const LABEL_WIDTH = 13
const count = (value: number): string => value.toLocaleString('en-US')
const label = (text: string): Segment => [`  ${text}`.padEnd(LABEL_WIDTH), pc.dim]

export function renderProgress(progress: Progress, width: number): string {
  const flow = (name: string, total: number, perSecond: number, rest: readonly Segment[]) => [
    label(name),
    [count(total).padStart(NUMBER_WIDTH)] as Segment,
    [`${count(perSecond)}/s`.padStart(NUMBER_WIDTH)] as Segment,
    ...rest,
  ]
  const lines: (readonly Segment[])[] = [
    [[progress.job, pc.bold], [' '], [progress.status, statusStyle(progress)]],
    flow('in', progress.recordsIn, progress.recordsInPerSecond, [
      ['   lag     ', pc.dim],
      [progress.lag === null ? '?' : count(progress.lag)],
    ]),
    flow('out', progress.recordsOut, progress.recordsOutPerSecond, [
      ['   busiest ', pc.dim],
      [progress.busiest ?? '-'],
    ]),
    [
      label('watermark'),
      [progress.watermark ?? 'none yet'],
      ...(progress.heldBy === null ? [] : [[`   held by ${progress.heldBy}`, pc.dim] as Segment]),
    ],
    [label('checkpoint'), [lastCheckpoint(progress)]],
  ]
  const warnings = [
    progress.lateDropped > 0 ? `${count(progress.lateDropped)} late rows dropped` : '',
    progress.restarts > 0 ? `${progress.restarts} restart${progress.restarts === 1 ? '' : 's'}` : '',
    progress.failedCheckpoints > 0 ? `${progress.failedCheckpoints} failed checkpoints` : '',
  ].filter(text => text !== '')
  if (warnings.length > 0) lines.push([label(''), [warnings.join(' · '), pc.yellow]])
  return lines.map(line => cutLine(line, width)).join('\n')
}

const statusStyle = ({ status }: Progress): Style =>
  status === 'RUNNING' || status === 'FINISHED' ? pc.green : status === 'FAILED' ? pc.red : pc.yellow

const lastCheckpoint = ({ lastCheckpoint: id, lastCheckpointMs }: Progress): string =>
  id === null ? 'none yet' : `#${id} in ${lastCheckpointMs} ms`

/** Cut before styling, so that no escape code is cut; one column stays free, or some terminals wrap. */
function cutLine(segments: readonly Segment[], width: number): string {
  let left = Math.max(10, width - 1)
  let line = ''
  for (const [text, style] of segments) {
    if (left <= 0) break
    const shown = text.length <= left ? text : `${text.slice(0, left - 1)}…`
    left -= shown.length
    line += style === undefined ? shown : style(shown)
  }
  return line
}
