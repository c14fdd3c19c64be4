/** Jobs whose kafka tables all read one topic in memory, and write to nowhere. */
import { silentLogger } from '../src/logger/logger.ts'
import type { Job } from '../src/runtime/job/job.ts'
import { builtInConnectors, builtInFormats } from '../src/session/built-ins.ts'
import { launchJob } from '../src/session/planned-job.ts'
import { Session } from '../src/session/session.ts'
import { type BatchSource, inMemoryKafka, type SinkStatistics } from './in-memory-kafka.ts'

/** Starts the jobs of a file one by one, each when the one before has ended. `threadEntry` must read the same topic. */
export async function runOverMemory(
  text: string,
  topic: BatchSource,
  sink: SinkStatistics,
  threadEntry?: URL,
): Promise<void> {
  for (const start of jobsOverMemory(text, topic, sink, '.', threadEntry)) await start().wait()
}

/** What starts the jobs of a file. */
export function* jobsOverMemory(
  text: string,
  topic: BatchSource,
  sink: SinkStatistics,
  stateDir: string,
  threadEntry?: URL,
): Generator<() => Job> {
  const connector = inMemoryKafka(topic, sink)
  const findConnector = (name: string) => (name === 'kafka' ? connector : builtInConnectors(name))
  const threads = threadEntry === undefined ? {} : { threadEntry }
  const options = { findConnector, findFormat: builtInFormats, logger: silentLogger, ...threads }
  const session = new Session({ ...options, findParam: () => 'memory:0' })
  for (const result of session.execute({ text, name: 'bench.sql' })) {
    if (result.kind !== 'job') continue
    const state = { stateDir, resume: { kind: 'latest' } } as const
    yield () => launchJob(result.job, { ...options, state }, null)
  }
}
