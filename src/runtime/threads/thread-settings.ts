/** `millrace.threads` as a number of worker threads. */
import { availableParallelism } from 'node:os'
import type { PlanGraph } from '../../planner/plan-graph/plan-graph.ts'
import type { ThreadSettings } from './job-threads.ts'

/**
 * `auto`: a job with parallelism gets as many threads as it has subtasks, at most one a core; any other stays in the
 * host's thread. Without an entry there are no threads: their components could not be found there.
 */
export function threadSettings(
  { nodes }: PlanGraph,
  wanted: number | 'auto',
  entry: URL | null,
): ThreadSettings | null {
  if (entry === null) return null
  const parallelism = Math.max(1, ...nodes.map(node => node.parallelism))
  const auto = parallelism === 1 ? 0 : Math.min(parallelism, availableParallelism())
  const numThreads = wanted === 'auto' ? auto : wanted
  return numThreads === 0 ? null : { numThreads, entry }
}
