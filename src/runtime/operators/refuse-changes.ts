import { internalError } from '../../errors/index.ts'
import { type Batch, ROW_INSERT, rowKindNames } from '../../types/index.ts'

/** For operators planned for insert-only input: an update among the rows would be counted wrong in silence. */
export function refuseChanges(batch: Batch, label: string): void {
  if (batch.kinds === null) return
  for (let row = 0; row < batch.length; row++) {
    const kind = batch.kinds[row]!
    if (kind === ROW_INSERT) continue
    throw internalError(`${label} was planned for inserts but got ${rowKindNames[kind as 0 | 1 | 2 | 3]}`)
  }
}
