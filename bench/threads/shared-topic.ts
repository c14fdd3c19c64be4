/**
 * A topic in one piece of memory, made once and copied by each thread that reads it: making it takes longer than reading
 * it, and thousands of arrays would be work for each thread's garbage collector.
 */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import type { BatchSource, InMemoryTopic } from '../in-memory-kafka.ts'

const KEY = 'topic'

interface SharedTopic {
  readonly bytes: Uint8Array
  /** Where each batch ends. */
  readonly ends: Float64Array
  readonly numRecords: number
}

/** For this thread and those that start from now on. */
export function shareTopic({ batches, numRecords }: InMemoryTopic): void {
  const size = batches.reduce((sum, batch) => sum + batch.length, 0)
  const bytes = new Uint8Array(new SharedArrayBuffer(size))
  const ends = new Float64Array(batches.length)
  let at = 0
  for (const [i, batch] of batches.entries()) {
    bytes.set(batch, at)
    at += batch.length
    ends[i] = at
  }
  const shared: SharedTopic = { bytes, ends, numRecords }
  setEnvironmentData(KEY, shared)
}

/** In memory that is this thread's alone, as what a socket gives. */
export function takeTopic(): BatchSource {
  const { bytes, ends, numRecords } = getEnvironmentData(KEY) as unknown as SharedTopic
  const own = bytes.slice()
  const at = (i: number) => (i < ends.length ? own.subarray(i === 0 ? 0 : ends[i - 1], ends[i]) : undefined)
  return { batches: { at }, numRecords }
}
