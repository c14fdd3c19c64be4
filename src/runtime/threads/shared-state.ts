/** Encoded state in memory that both threads see, so that a large one is not cloned on the way to the host. */
import { type EncodedState, encodeState } from '../../checkpoint/encode-state.ts'
import type { FrozenState } from '../../state/state-io.ts'

/** Works in short turns, as encoding does. The whole of it is held until the host has written it. */
export async function encodeInSharedMemory(state: FrozenState): Promise<EncodedState> {
  const content: Uint8Array[] = []
  const encoded = await encodeState(state, pieces => {
    for (const piece of pieces) {
      const shared = new Uint8Array(new SharedArrayBuffer(piece.length))
      shared.set(piece)
      content.push(shared)
    }
    return Promise.resolve()
  })
  return { schema: state.schema, ...encoded, content }
}
