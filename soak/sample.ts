/** What is measured of the job, once a second. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { JobProcess } from '../harness/job-process.ts'
import { processUsage } from './process-usage.ts'

export interface Sample {
  /** Seconds since the soak began. */
  readonly at: number
  /** The process, counted from 0. */
  readonly life: number
  /** Seconds since this process began to run the job. */
  readonly age: number
  readonly rssBytes: number
  /** V8's heap; batches and state lie outside. */
  readonly heapBytes: number
  readonly numHandles: number | null
  readonly checkpoint: number | null
  readonly checkpointMs: number | null
  /** State in the last checkpoint. */
  readonly checkpointBytes: number | null
  /** All checkpoints on disk; savepoints are the user's to remove. */
  readonly checkpointsOnDiskBytes: number
  readonly lag: number | null
  readonly recordsIn: number
}

/** Null while the process has not written a status, or is gone. */
export function takeSample(
  job: JobProcess,
  stateDirectory: string,
  place: { readonly at: number; readonly life: number; readonly age: number },
): Sample | null {
  const status = job.status()
  const usage = processUsage(job.pid)
  const [progress] = status?.jobs ?? []
  if (status === null || usage === null || progress === undefined || status.pid !== job.pid) return null
  return {
    ...place,
    ...usage,
    heapBytes: status.memory.heapUsed,
    checkpoint: progress.lastCheckpoint,
    checkpointMs: progress.lastCheckpointMs,
    checkpointBytes: progress.lastCheckpointBytes,
    checkpointsOnDiskBytes: checkpointBytes(stateDirectory),
    lag: progress.lag,
    recordsIn: progress.recordsIn,
  }
}

/** Files may go while they are counted. */
function checkpointBytes(stateDirectory: string): number {
  let bytes = 0
  const paths = readdirSync(stateDirectory, { recursive: true, encoding: 'utf8' })
  for (const path of paths) {
    if (!/(^|[/\\])chk-\d/.test(path)) continue
    bytes += statSync(join(stateDirectory, path), { throwIfNoEntry: false })?.size ?? 0
  }
  return bytes
}
