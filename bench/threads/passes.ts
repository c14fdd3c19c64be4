/** Passes of the IP count at a parallelism and a number of threads, for a process of its own. */
import { accessLog } from '../access-log.ts'
import { ipCountSql } from '../ip-count.ts'
import { runOverMemory } from '../run-over-memory.ts'
import { shareTopic, sustainedRate, takeTopic } from './shared-topic.ts'

export interface Passes {
  /** Records per second in the middle of each pass. */
  readonly rates: readonly number[]
  /** That the last pass wrote. */
  readonly numRows: number
}

export async function measurePasses(
  parallelism: number,
  threads: number,
  numRecords: number,
  numWarmUps: number,
  numPasses: number,
): Promise<Passes> {
  shareTopic(accessLog(numRecords))
  const topic = takeTopic()
  const sql = `SET 'parallelism.default' = '${parallelism}';\nSET 'millrace.threads' = '${threads}';\n${ipCountSql}`
  const entry = threads === 0 ? undefined : new URL('./entry.ts', import.meta.url)
  const rates: number[] = []
  let numRows = 0
  for (let pass = -numWarmUps; pass < numPasses; pass++) {
    const sink = { numRows: 0, numBytes: 0 }
    await runOverMemory(sql, topic, sink, entry)
    const rate = sustainedRate()
    if (pass >= 0) rates.push(rate)
    numRows = sink.numRows
  }
  return { rates, numRows }
}
