import type { WindowSpec } from '../plan-graph/plan-graph.ts'

/** `tumble(1 min)`, `hop(slide 10 s, size 1 min)`, `cumulate(step 1 h, size 1 d, offset 5 min)`. */
export function windowText(window: WindowSpec): string {
  const offset = window.offsetMs === 0 ? '' : `, offset ${durationText(window.offsetMs)}`
  switch (window.kind) {
    case 'tumble':
      return `tumble(${durationText(window.sizeMs)}${offset})`
    case 'hop':
      return `hop(slide ${durationText(window.slideMs)}, size ${durationText(window.sizeMs)}${offset})`
    case 'cumulate':
      return `cumulate(step ${durationText(window.stepMs)}, size ${durationText(window.sizeMs)}${offset})`
  }
}

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const

/** Milliseconds in the largest unit that divides them. */
export function durationText(ms: number): string {
  const unit = ms === 0 ? undefined : units.find(([size]) => ms % size === 0)
  return unit === undefined ? `${ms} ms` : `${ms / unit[0]} ${unit[1]}`
}
