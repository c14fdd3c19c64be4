/** One size of a thing that grows: a job over records in memory, run until it is warm and then measured. */
import { gc } from '../gc.ts'
import type { BatchSource } from '../in-memory-kafka.ts'
import { runOverMemory } from '../run-over-memory.ts'
import { median } from '../statistics.ts'
import type { SizeFigures } from './growth.ts'

const ROUNDS = 3

export interface Work {
  readonly sql: string
  readonly topic: BatchSource & { readonly makingMs?: number }
  /** What is counted: records, fields, rows. */
  readonly numUnits: number
  readonly unit: string
  /** Whether a record has so many units as the size is, so that its cost is as many times a unit's. */
  readonly perSize?: boolean
}

export async function measureWork({
  sql,
  topic,
  numUnits,
  unit,
  perSize = false,
}: Work): Promise<SizeFigures> {
  const run = async (): Promise<number> => {
    gc()
    const making = topic.makingMs ?? 0
    const cpu = process.cpuUsage()
    await runOverMemory(sql, topic, { numRows: 0, numBytes: 0 })
    const { user, system } = process.cpuUsage(cpu)
    return (user + system) * 1000 - ((topic.makingMs ?? 0) - making) * 1e6
  }
  await run()
  const costs: number[] = []
  for (let round = 0; round < ROUNDS; round++) costs.push((await run()) / numUnits)
  return [{ name: `CPU per ${unit}`, value: median(costs), unit: 'ns', perSize }]
}
