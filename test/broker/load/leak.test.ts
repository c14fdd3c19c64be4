/** The judge of the soak against real processes: one that leaks and one that does not. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { flatness, type Point } from '../../../soak/flatness.ts'
import { processUsage } from '../../../soak/process-usage.ts'
import { memoryLimit } from '../../../soak/verdict.ts'

const NUM_SAMPLES = 60
/** Makes garbage, as every process does. */
const WORK =
  'setInterval(() => JSON.parse(JSON.stringify(Array.from({ length: 20000 }, (_, i) => "x" + i))), 20)'

async function usageOf(args: readonly string[]): Promise<{ rss: Point[]; handles: Point[] }> {
  const child = spawn(process.execPath, [...args, '-e', WORK], { stdio: 'ignore' })
  try {
    const [rss, handles]: [Point[], Point[]] = [[], []]
    await sleep(2_000)
    for (let i = 0; i < NUM_SAMPLES; i++) {
      await sleep(250)
      const usage = processUsage(child.pid!)!
      rss.push({ at: i / 4, value: usage.rssBytes })
      if (usage.numHandles !== null) handles.push({ at: i / 4, value: usage.numHandles })
    }
    return { rss, handles }
  } finally {
    child.kill('SIGKILL')
  }
}

const leak = join(import.meta.dirname, '..', '..', '..', 'soak', 'leak.ts')
const handleLimit = { ratio: 0, absolute: 2 }

test('a process that works is flat, one that leaks is not', async () => {
  const [works, leaks] = await Promise.all([usageOf([]), usageOf([`--import=${leak}`])])
  expect(flatness(works.rss, memoryLimit)).toMatchObject({ isFlat: true })
  expect(flatness(leaks.rss, memoryLimit)).toMatchObject({ isFlat: false })
  if (process.platform !== 'linux') return
  expect(flatness(works.handles, handleLimit)).toMatchObject({ isFlat: true })
  expect(flatness(leaks.handles, handleLimit)).toMatchObject({ isFlat: false })
})
