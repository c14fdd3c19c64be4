/** Runs one example from empty topics to verified sinks, straight through or with a crash on the way. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { ExampleProcess } from './example-process.ts'
import type { Example } from './examples.ts'
import { Topics } from './topics.ts'
import { verify } from './verify.ts'

/** `killed`: SIGKILL at the example's fail point, in its first checkpoint; then a second process goes on. */
export type Run = 'straight' | 'killed'

export async function runExample(
  example: Example,
  bootstrap: string,
  run: Run,
  mutate?: string,
): Promise<void> {
  await using topics = await Topics.connect(bootstrap)
  const folder = await mkdtemp(join(tmpdir(), `millrace-${example.name}-`))
  const options = {
    file: `sql-examples/${example.name}.sql`,
    bootstrap,
    folder,
    ...(mutate === undefined ? {} : { mutate }),
  }
  const processes: ExampleProcess[] = []
  const start = (failPoints?: string) => {
    const started = new ExampleProcess(failPoints === undefined ? options : { ...options, failPoints })
    processes.push(started)
    return started
  }
  try {
    await topics.create([example.source, ...example.sinks.map(sink => sink.topic)])
    await topics.write(example.source, example.first)
    if (run === 'killed') {
      const { signal } = await start(example.killAt).ended
      expect(signal).toBe('SIGKILL')
    }
    const job = start()
    const before = await job.untilWatermark(example.firstWatermark)
    expect(before.lateDropped).toBe(0)
    await topics.write(example.source, example.second)
    await job.untilWatermark(example.lastWatermark)
    const last = await job.stop()
    expect(last.lateDropped).toBe(example.numLateDropped)
    await verify(topics, example)
  } finally {
    for (const started of processes) started.kill()
    await Promise.all(processes.map(started => started.ended))
    await rm(folder, { recursive: true, force: true })
  }
}
