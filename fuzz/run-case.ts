/** Plays one case and says what was wrong with the answer. */
import { performance } from 'node:perf_hooks'
import type { Case, Target } from './target.ts'

export const DEFAULT_MAX_MS = 10_000

/** Undefined when the product answered well; otherwise one text that says what happened. */
export async function problemOf(target: Target, input: Case): Promise<string | undefined> {
  const startedAt = performance.now()
  try {
    await target.check(input)
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  }
  const ms = performance.now() - startedAt
  if (ms > (target.maxMs ?? DEFAULT_MAX_MS)) return `took ${ms.toFixed(0)} ms`
  return undefined
}

/** The first line: what stays the same while a case is cut down. */
export function kindOf(problem: string): string {
  const line = problem.split('\n', 1)[0]!
  return line.replace(/\d+/g, 'N').slice(0, 60)
}
