/**
 * A topic in one piece of memory, made once and copied by each thread that reads it: making it takes longer than reading
 * it, and thousands of arrays would be work for each thread's garbage collector. It notes when its readers, all together,
 * have taken the first tenth and all but the last.
 */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import type { BatchSource, InMemoryTopic } from '../in-memory-kafka.ts'

const KEY = 'topic'

interface SharedTopic {
  readonly bytes: Uint8Array
  /** Where each batch ends. */
  readonly ends: Float64Array
  readonly numRecords: number
  /** Batches taken. */
  readonly taken: Int32Array
  /** When the first and the last tenth began, ms since 1970. */
  readonly times: Float64Array
}

const shared = <T>(size: number, view: new (buffer: SharedArrayBuffer) => T): T =>
  new view(new SharedArrayBuffer(size))

/** For this thread and those that start from now on. */
export function shareTopic({ batches, numRecords }: InMemoryTopic): void {
  const size = batches.reduce((sum, batch) => sum + batch.length, 0)
  const topic: SharedTopic = {
    bytes: shared(size, Uint8Array),
    ends: shared(batches.length * 8, Float64Array),
    numRecords,
    taken: shared(4, Int32Array),
    times: shared(16, Float64Array),
  }
  let at = 0
  for (const [i, batch] of batches.entries()) {
    topic.bytes.set(batch, at)
    at += batch.length
    topic.ends[i] = at
  }
  setEnvironmentData(KEY, topic)
}

const theTopic = () => getEnvironmentData(KEY) as unknown as SharedTopic

/** In memory that is this thread's alone, as what a socket gives. */
export function takeTopic(): BatchSource {
  const { bytes, ends, numRecords, taken, times } = theTopic()
  const own = bytes.slice()
  const first = Math.floor(ends.length * 0.1)
  const last = Math.floor(ends.length * 0.9)
  const at = (i: number) => {
    if (i >= ends.length) return undefined
    const n = Atomics.add(taken, 0, 1)
    if (n === first) times[0] = performance.timeOrigin + performance.now()
    if (n === last) times[1] = performance.timeOrigin + performance.now()
    return own.subarray(i === 0 ? 0 : ends[i - 1], ends[i])
  }
  return { batches: { at }, numRecords }
}

/** Records per second between the first and the last tenth, since the last call. */
export function sustainedRate(): number {
  const { numRecords, taken, times } = theTopic()
  Atomics.store(taken, 0, 0)
  return (numRecords * 0.8 * 1000) / (times[1]! - times[0]!)
}
