/** SIGKILL at every named step of the protocol; whatever happens, the committed output is the oracle. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kafkaFailPoints } from '../../../src/connectors/kafka/transaction/fail-points.ts'
import { CrashScenario, oracle } from '../kafka-crash.ts'
import { TopicTool } from '../kafka-topics.ts'
import type { SuiteBroker } from './transaction-suite.ts'

/** Reached by a whole job only: `npm run prove` kills at them. */
const onlyInJobs = /^kafka\.(start-offsets|publish-offsets|recover\.owner|abort\.after)/
const all = Object.keys(kafkaFailPoints).filter(name => !onlyInJobs.test(name))
/** Passed only when a prepared transaction has to be recovered, or its outcome is unclear. */
const inRecovery = all.filter(
  name => name.startsWith('kafka.recover.commit') || name.startsWith('kafka.recover.witness'),
)
const inSteadyState = [
  ...all.filter(name => !inRecovery.includes(name)),
  'child.before-manifest',
  'child.after-manifest',
  'child.before-confirmed',
  'child.after-confirmed',
]
const extraEnv = { FORCE_KEEP_ALIVE: 'true', FORCE_ABORT: 'true' }

export function crashSuite(name: string, start: () => Promise<SuiteBroker>): void {
  describe(`kill -9 on ${name}`, () => {
    let broker: SuiteBroker
    let tool: TopicTool
    beforeAll(async () => {
      broker = await start()
      tool = new TopicTool(broker.bootstrap)
    })
    afterAll(async () => {
      await tool?.close()
      await broker?.stop()
    })

    async function scenario(run: (scenario: CrashScenario) => Promise<void>): Promise<void> {
      const made = new CrashScenario(broker.bootstrap, tool)
      await made.prepare()
      await run(made)
      made.remove()
    }

    test.each(inSteadyState)('at %s', point =>
      scenario(async crash => {
        // The third time where there is one, so that transactions lie before and after.
        const often = /produce|flush|prepare|witness|add-|commit|init|child|keep-alive/.test(point)
        const { signal } = await crash.start({ failPoints: `${point}=kill@${often ? 3 : 1}`, env: extraEnv })
        expect(signal).toBe('SIGKILL')
        await crash.finish({ env: extraEnv })
        expect(await crash.output()).toEqual(oracle)
      }),
    )

    test.each(inRecovery)('at %s, after a crash that left a prepared transaction', point =>
      scenario(async crash => {
        expect((await crash.start({ failPoints: 'kafka.commit.before=kill@3' })).signal).toBe('SIGKILL')
        if (point.startsWith('kafka.recover.witness')) {
          // Somebody ends the prepared transaction: the answer to EndTxn becomes ambiguous.
          const { TransactionClient } = await import(
            '../../../src/connectors/kafka/transaction/transaction-client.ts'
          )
          const client = new TransactionClient(tool.cluster, 60_000, new AbortController().signal)
          for (let slot = 0; slot < 3; slot++) await client.init(`p-${crash.topic}.${slot}`, null)
        }
        expect((await crash.start({ failPoints: `${point}=kill` })).signal).toBe('SIGKILL')
        await crash.finish()
        expect(await crash.output()).toEqual(oracle)
      }),
    )

    test('a zombie that wakes up after its successor has taken over changes nothing', () =>
      scenario(async crash => {
        const zombie = crash.start({ failPoints: 'kafka.prepare.after=sleep:2500' })
        await new Promise(resolve => setTimeout(resolve, 1_200))
        await crash.finish()
        await zombie
        expect(await crash.output()).toEqual(oracle)
      }))

    test('errors at every step are restarts, never wrong output', () =>
      scenario(async crash => {
        for (const point of ['kafka.witness.after', 'kafka.commit.after', 'kafka.add-partitions.after'])
          await crash.start({ failPoints: `${point}=error@2` })
        await crash.finish()
        expect(await crash.output()).toEqual(oracle)
      }))
  })
}
