/** A frozen state as the bytes of its file. Done by the thread that holds the state; any may write them to disk. */
import { newChecksum } from '../state/snapshot/checksum.ts'
import { TableWriter } from '../state/snapshot/write-table.ts'
import type { FrozenState, StateSchema } from '../state/state-io.ts'
import { Turns } from './turns.ts'

export interface EncodedContent {
  readonly rows: number
  /** Of the whole file, in hex. */
  readonly sha256: string
}

/** What another thread has encoded. */
export interface EncodedState extends EncodedContent {
  readonly schema: StateSchema
  /** Pieces of the file, in order. */
  readonly content: readonly Uint8Array[]
}

/** Takes the next pieces of a file; they are borrowed until the promise resolves. */
export type TakePieces = (pieces: readonly Uint8Array[]) => Promise<void>

/**
 * Works in short turns: state may be large, and the job and its host go on meanwhile. Goes on when `take` has resolved,
 * so that no more is held than a piece.
 */
export async function encodeState(state: FrozenState, take: TakePieces): Promise<EncodedContent> {
  const turns = new Turns()
  const writer = new TableWriter(state.schema)
  const checksum = newChecksum()
  const pass = async (pieces: readonly Uint8Array[]) => {
    for (const piece of pieces) checksum.update(piece)
    await take(pieces)
    turns.restart()
  }
  let rows = 0
  for (const batch of state.batches()) {
    rows += batch.length
    const pieces = writer.add(batch)
    if (pieces.length > 0) await pass(pieces)
    if (turns.isOver()) await turns.next()
  }
  await pass(writer.finish())
  return { rows, sha256: checksum.digest('hex') }
}
