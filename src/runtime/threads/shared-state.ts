/** Encoded state in memory that both threads see, so that a large one is not cloned on the way to the host. */
import type { EncodedState } from '../../checkpoint/encode-state.ts'
import { Turns } from '../../checkpoint/turns.ts'

/** Works in short turns, as encoding does. */
export async function inSharedMemory(state: EncodedState): Promise<EncodedState> {
  const turns = new Turns()
  const content: Uint8Array[] = []
  for (const piece of state.content) {
    const shared = new Uint8Array(new SharedArrayBuffer(piece.length))
    shared.set(piece)
    content.push(shared)
    if (turns.isOver()) await turns.next()
  }
  return { ...state, content }
}
