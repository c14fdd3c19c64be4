/** Keys: what it costs to see one for the first time and again, and how much memory a process with so many holds. */
import { scaled } from '../harness.ts'
import { inChild } from '../in-child.ts'
import { peakBytes } from '../process-memory.ts'
import { runOverMemory } from '../run-over-memory.ts'
import { growthBenchmark, type SizeFigures } from './growth.ts'
import { countByKey, type KeyType, keysThenUpdates } from './keyed-work.ts'

const NUM_UPDATES = 2_000_000
const WARM_KEYS = 10_000
/** Fewer keys are inserted several times over, so that there is something to measure. */
const MIN_INSERTS = 1_000_000

interface Cost {
  readonly insertNs: number
  readonly updateNs: number
}

async function measurePass(key: KeyType, numKeys: number, numUpdates: number): Promise<Cost> {
  const marks: { readonly cpu: number; readonly made: number }[] = []
  const mark = () => {
    const { user, system } = process.cpuUsage()
    marks.push({ cpu: (user + system) / 1000 - topic.makingMs, made: topic.numMade })
  }
  const topic = keysThenUpdates(key, numKeys, numKeys + numUpdates, first => {
    if (first === 0 || (first >= numKeys && marks.length === 1)) mark()
  })
  await runOverMemory(countByKey(key), topic, { numRows: 0, numBytes: 0 })
  mark()
  const ns = (from: number, to: number) =>
    ((marks[to]!.cpu - marks[from]!.cpu) * 1e6) / (marks[to]!.made - marks[from]!.made)
  const last = marks.length - 1
  return { insertNs: ns(0, Math.min(1, last)), updateNs: last > 1 ? ns(1, last) : Number.NaN }
}

/** In the child. */
export async function measureKeys(key: KeyType, numKeys: number, scale: number): Promise<SizeFigures> {
  await measurePass(key, WARM_KEYS, scaled(NUM_UPDATES / 2, scale))
  const inserts: number[] = []
  for (let n = 1; n < scaled(MIN_INSERTS / numKeys, scale); n++)
    inserts.push((await measurePass(key, numKeys, 0)).insertNs)
  const { insertNs, updateNs } = await measurePass(key, numKeys, scaled(NUM_UPDATES, scale))
  inserts.push(insertNs)
  const insert = inserts.reduce((sum, ns) => sum + ns, 0) / inserts.length
  return [
    { name: `${key} key, new`, value: insert, unit: 'CPU ns', perSize: true },
    { name: `${key} key, again`, value: updateNs, unit: 'CPU ns' },
    { name: `${key} key, memory of the process`, value: peakBytes() / 1e6, unit: 'MB' },
  ]
}

export const growthOfKeys = growthBenchmark({
  name: 'growth-keys',
  title:
    'GROUP BY with one COUNT over so many keys: each for the first time, and then the same 2,000,000 records at random keys',
  sizes: [10_000, 100_000, 1_000_000, 10_000_000],
  async measure(size, scale) {
    if (scale < 1) return measureKeys('BIGINT', size, scale)
    const keys: readonly KeyType[] = ['BIGINT', 'STRING']
    return keys.flatMap(key => inChild<SizeFigures>(import.meta.url, 'measureKeys', [key, size, scale]))
  },
})
