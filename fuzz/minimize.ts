/** Cuts a failing case down: first whole parts, then ranges of bytes, as long as it still fails. */
import type { Case } from './target.ts'

const MAX_TRIES = 3000

/** `fails` says whether a case still shows the problem. */
export async function minimize(
  input: Case,
  fails: (candidate: Case) => Promise<boolean>,
  maxTries = MAX_TRIES,
): Promise<Case> {
  let best = input
  let tries = 0
  const attempt = async (parts: readonly Uint8Array[]): Promise<boolean> => {
    const candidate = { setup: best.setup, parts }
    if (tries++ >= maxTries || !(await fails(candidate))) return false
    best = candidate
    return true
  }
  for (let size = best.parts.length; size >= 1; size = size >> 1) {
    for (let at = 0; at + size <= best.parts.length; ) {
      if (!(await attempt(best.parts.toSpliced(at, size)))) at += size
    }
  }
  for (let i = 0; i < best.parts.length; i++) {
    for (let size = best.parts[i]!.length; size >= 1; size = size >> 1) {
      for (let at = 0; at + size <= best.parts[i]!.length; ) {
        if (!(await attempt(best.parts.with(i, without(best.parts[i]!, at, size))))) at += size
      }
    }
  }
  return best
}

function without(bytes: Uint8Array, at: number, size: number): Uint8Array {
  const kept = new Uint8Array(bytes.length - size)
  kept.set(bytes.subarray(0, at))
  kept.set(bytes.subarray(at + size), at)
  return kept
}
