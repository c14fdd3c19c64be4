import type { AggregateCall, EmitStrategy, SortKey } from '../plan-graph/plan-graph.ts'
import { durationText } from './print-window.ts'

/** `COUNT(DISTINCT user) FILTER (WHERE paid)`. */
export function aggregateText(call: AggregateCall, names: readonly string[]): string {
  const args = call.arguments.map(i => names[i]).join(', ') || '*'
  const filter = call.filter === null ? '' : ` FILTER (WHERE ${names[call.filter]})`
  return `${call.function}(${call.distinct ? 'DISTINCT ' : ''}${args})${filter}`
}

export const sortText = (keys: readonly SortKey[], names: readonly string[]): string =>
  keys
    .map(key => {
      const nulls = key.nullsFirst === key.ascending ? '' : ` NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`
      return `${names[key.column]} ${key.ascending ? 'ASC' : 'DESC'}${nulls}`
    })
    .join(', ')

/** Empty for windows that speak once, at their end. */
export function emitText(emit: EmitStrategy): string {
  const parts: string[] = []
  if (emit.earlyDelayMs !== null) parts.push(`early ${durationText(emit.earlyDelayMs)}`)
  if (emit.allowedLatenessMs > 0) parts.push(`lateness ${durationText(emit.allowedLatenessMs)}`)
  if (emit.lateDelayMs !== null) parts.push(`late ${durationText(emit.lateDelayMs)}`)
  return parts.join(', ')
}
