/** One contender, measured in a fresh process that does nothing else. */
import { findContender } from './find-contender.ts'
import { measure, type Pass } from './harness.ts'
import { inChild } from './in-child.ts'
import { median } from './statistics.ts'

const NUM_PASSES = 3

export interface OwnProcess {
  /** Medians of its passes. */
  readonly pass: Pass
  readonly numRecords: number
  readonly outcome: number | null
}

export const passesOf = (benchmark: string, contender: string, warmUps: number): OwnProcess =>
  inChild<OwnProcess>(import.meta.url, 'measurePasses', [benchmark, contender, warmUps])

/** In the child. */
export async function measurePasses(name: string, wanted: string, warmUps: number): Promise<OwnProcess> {
  const contender = await findContender(name, wanted, 1)
  let numRecords = 0
  for (let i = 0; i < warmUps; i++) numRecords = await contender.run()
  const passes: Pass[] = []
  for (let i = 0; i < NUM_PASSES; i++) passes.push(await measure(contender))
  return {
    pass: {
      perCpuSecond: median(passes.map(({ perCpuSecond }) => perCpuSecond)),
      perSecond: median(passes.map(({ perSecond }) => perSecond)),
    },
    numRecords,
    outcome: contender.outcome?.() ?? null,
  }
}
