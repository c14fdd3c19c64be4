/** A changelog applied: what a reader holds at its end. */
import type { Change } from '../session/changelog-queue.ts'
import type { JsRow } from '../types/js-value.ts'

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}n` : part instanceof Map ? [...part] : part,
  )

/**
 * The rows left after all changes, in order of their last change. With `key`, the last row of each key counts (an
 * upsert stream); without, retractions take away an equal row, and one that finds none throws.
 */
export function foldChanges(changes: readonly Change[], key?: readonly string[]): JsRow[] {
  const identity = (row: JsRow) => textOf(key === undefined ? row : key.map(name => row[name]))
  const rows = new Map<string, JsRow[]>()
  for (const { kind, row } of changes) {
    const id = identity(row)
    const same = rows.get(id) ?? []
    rows.delete(id)
    if (kind === '+I' || kind === '+U') rows.set(id, key === undefined ? [...same, row] : [row])
    else if (key === undefined && same.length === 0)
      throw new Error(`${kind} of a row that is not there: ${id}`)
    else if (same.length > 1) rows.set(id, same.slice(0, -1))
  }
  return [...rows.values()].flat()
}
