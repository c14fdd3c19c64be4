/** A frozen state as the bytes of its file. Done by the thread that holds the state; any may write them to disk. */
import { newChecksum } from '../state/snapshot/checksum.ts'
import { TableWriter } from '../state/snapshot/write-table.ts'
import type { FrozenState, StateSchema } from '../state/state-io.ts'
import { Turns } from './turns.ts'

export interface EncodedState {
  readonly schema: StateSchema
  readonly rows: number
  /** Pieces of the file, in order. */
  readonly content: readonly Uint8Array[]
  /** In hex. */
  readonly sha256: string
}

/** Works in short turns: state may be large, and the job and its host go on meanwhile. */
export async function encodeState(state: FrozenState): Promise<EncodedState> {
  const turns = new Turns()
  const writer = new TableWriter(state.schema)
  let rows = 0
  for (const batch of state.batches()) {
    rows += batch.length
    writer.add(batch)
    if (turns.isOver()) await turns.next()
  }
  const content = writer.finish()
  const checksum = newChecksum()
  for (const piece of content) {
    checksum.update(piece)
    if (turns.isOver()) await turns.next()
  }
  return { schema: state.schema, rows, content, sha256: checksum.digest('hex') }
}
