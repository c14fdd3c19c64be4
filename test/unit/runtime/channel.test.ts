import { expect, it } from 'vitest'
import { BatchPool } from '../../../src/runtime/channels/batch-pool.ts'
import { Channel } from '../../../src/runtime/channels/channel.ts'
import { integerType } from '../../../src/types/index.ts'

for (const [what, types] of [
  ['without columns', []],
  ['of one row', [integerType()]],
] as const) {
  it(`has no credit left for ever more batches ${what}`, async () => {
    const pool = new BatchPool(types)
    const channel = new Channel(pool)
    const put = () => {
      const batch = pool.acquire()
      batch.addRow()
      channel.put({ kind: 'batch', batch })
    }
    for (let i = 0; i < 2000; i++) put()
    expect(channel.hasCredit()).toBe(false)
    const credit = channel.credit()
    channel.clear()
    await credit
    expect(channel.hasCredit()).toBe(true)
    expect([channel.queuedBytes, pool.numOutstanding]).toEqual([0, 0])
  })
}

it('many channels of one reader hold no more than some before it is measured', () => {
  const heldWith = (numSiblings: number): number => {
    const pool = new BatchPool([integerType()])
    const channel = new Channel(pool, false, numSiblings)
    let numBatches = 0
    for (; channel.hasCredit(); numBatches++) {
      const batch = pool.acquire()
      batch.addRow()
      channel.put({ kind: 'batch', batch })
    }
    return numBatches
  }
  expect(heldWith(8)).toBe(heldWith(1))
  expect(heldWith(64) * 64).toBeLessThanOrEqual(heldWith(8) * 8)
  expect(heldWith(10_000)).toBe(1)
})
