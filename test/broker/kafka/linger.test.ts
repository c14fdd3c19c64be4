/** How many requests rows become that are written one at a time, as the broker counts them. */
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withBrokerPlace } from '../../support/broker-place.ts'
import { attempt, rowsOf, sinkConfig } from '../../support/kafka-sink-fixture.ts'

const on = withBrokerPlace()
const NUM_ROWS = 30

async function numRequests(topic: string, lingerMs: number | null): Promise<number> {
  on.broker.createTopic(topic, 1)
  // Every answer takes its time: what is written meanwhile goes together.
  using produced = on.broker.faults.add({ api: 'Produce', action: { kind: 'delay-answer', ms: 500 } })
  const base = sinkConfig(on.broker.bootstrap, topic, { guarantee: 'at-least-once' })
  const run = attempt({ ...base, produce: { ...base.produce, lingerMs } })
  const writer = await run.writer()
  for (let i = 0; i < NUM_ROWS; i++) {
    writer.write(rowsOf([['k', `k|${i}`]]))
    await turn()
  }
  await writer.finish()
  await run.die()
  expect(on.broker.describeLog(topic, 0).endOffset).toBe(NUM_ROWS)
  return produced.hits
}

test('when not set: the first row alone, the others with the answer to it', async () => {
  expect(await numRequests('adaptive', null)).toBe(2)
})

test('when set: all together', async () => {
  expect(await numRequests('set', 60_000)).toBe(1)
})
