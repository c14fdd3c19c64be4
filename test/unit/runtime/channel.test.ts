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
