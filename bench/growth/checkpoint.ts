/**
 * State against the pause of a checkpoint: a GROUP BY holds so many keys and goes on counting at random keys while a
 * savepoint is written to a real directory. Any turn of the event loop holds up everything in the process: the barrier,
 * the copies of rows that are written while the snapshot needs them, and the pieces of the file.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scaled } from '../harness.ts'
import { inChild } from '../in-child.ts'
import { peakBytes } from '../process-memory.ts'
import { jobsOverMemory } from '../run-over-memory.ts'
import { growthBenchmark, type SizeFigures } from './growth.ts'
import { countByKey, type KeyType, keysThenUpdates } from './keyed-work.ts'
import { TurnMonitor } from './turn-monitor.ts'

const STEADY_MS = 3000
const NUM_SNAPSHOTS = 2

const later = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** In the child. */
export async function measureCheckpoint(key: KeyType, numKeys: number, scale: number): Promise<SizeFigures> {
  const stateDir = mkdtempSync(join(tmpdir(), 'millrace-growth-'))
  const filled = Promise.withResolvers<void>()
  const topic = keysThenUpdates(key, numKeys, Number.MAX_SAFE_INTEGER, first => {
    if (first >= numKeys) filled.resolve()
  })
  const settings = `SET 'execution.checkpointing.interval' = '1 h';`
  const [start] = jobsOverMemory(
    `${settings} ${countByKey(key)}`,
    topic,
    { numRows: 0, numBytes: 0 },
    stateDir,
  )
  const job = start!()
  try {
    await Promise.race([filled.promise, job.wait()])
    await later(scaled(STEADY_MS, scale))
    const turns = new TurnMonitor()
    await later(scaled(STEADY_MS, scale))
    const steady = turns.longestMs
    let during = 0
    let duringCpu = 0
    let duration = 0
    for (let n = 0; n < NUM_SNAPSHOTS; n++) {
      turns.reset()
      const startedAt = performance.now()
      await job.savepoint()
      duration = Math.max(duration, performance.now() - startedAt)
      during = Math.max(during, turns.longestMs)
      duringCpu = Math.max(duringCpu, turns.longestCpuMs)
    }
    turns.stop()
    return [
      { name: `${key} key, longest turn before`, value: steady, unit: 'ms' },
      { name: `${key} key, longest turn of a checkpoint`, value: during, unit: 'ms' },
      { name: `${key} key, the same in CPU of the thread`, value: duringCpu, unit: 'ms' },
      { name: `${key} key, checkpoint written in`, value: duration / 1000, unit: 's' },
      { name: `${key} key, memory of the process`, value: peakBytes() / 1e6, unit: 'MB' },
    ]
  } finally {
    await job.cancel()
    rmSync(stateDir, { recursive: true })
  }
}

export const growthOfCheckpoint = growthBenchmark({
  name: 'growth-checkpoint',
  title: 'a checkpoint while a GROUP BY with so many keys goes on',
  sizes: [10_000, 100_000, 1_000_000, 10_000_000],
  async measure(size, scale) {
    if (scale < 1) return measureCheckpoint('BIGINT', size, scale)
    const keys: readonly KeyType[] = ['BIGINT', 'STRING']
    return keys.flatMap(key => inChild<SizeFigures>(import.meta.url, 'measureCheckpoint', [key, size, scale]))
  },
})
