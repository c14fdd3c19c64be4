/** Each safeguard, switched off by name, must be caught by an output that differs from the oracle. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../../src/dev-broker/index.ts'
import { CrashScenario, oracle } from '../../support/kafka-crash.ts'
import { prepare, rowsOf, sinkConfig, startFresh } from '../../support/kafka-sink-fixture.ts'
import { TopicTool } from '../../support/kafka-topics.ts'

describe('safeguards', () => {
  let broker: DevBroker
  let tool: TopicTool
  beforeAll(async () => {
    broker = await startDevBroker()
    tool = new TopicTool(broker.bootstrap)
  })
  afterAll(async () => {
    await tool?.close()
    await broker?.close()
  })

  /** The same story with and without the safeguard. */
  async function compare(
    mutation: string,
    story: (crash: CrashScenario, mutate: string) => Promise<void>,
  ): Promise<void> {
    const outputs: string[] = []
    for (const mutate of ['', mutation]) {
      const crash = new CrashScenario(broker.bootstrap, tool)
      await crash.prepare()
      let output: string
      try {
        await story(crash, mutate)
        output = JSON.stringify(await Promise.race([crash.output(), stuck()]))
      } catch (error) {
        output = String(error)
      }
      broker.faults.clear()
      crash.remove()
      outputs.push(output)
    }
    expect(outputs[0]).toBe(JSON.stringify(oracle))
    expect(outputs[1]).not.toBe(JSON.stringify(oracle))
  }

  /** An open transaction nobody ends holds readers up. */
  const stuck = (): Promise<string> =>
    new Promise(resolve => setTimeout(() => resolve('readers are held up'), 2_000))

  test('no-resume: a prepared transaction is aborted and its rows are lost', () =>
    compare('no-resume', async (crash, mutate) => {
      await crash.start({ failPoints: 'kafka.commit.before=kill@3' })
      await crash.finish({ mutate })
    }))

  test('no-flush: the commit overtakes the rows', () =>
    compare('no-flush', async (crash, mutate) => {
      using _ = broker.faults.add({ api: 'Produce', action: { kind: 'delay', ms: 60 } })
      await crash.finish({ mutate })
    }))

  test('no-fence: the transaction of the dead process holds readers up', () =>
    compare('no-fence', async (crash, mutate) => {
      await crash.start({ failPoints: 'kafka.flush.after=kill@2' })
      await crash.finish({ mutate })
    }))

  test('no-init-per-transaction: under a used epoch rows are taken for repeats', () =>
    compare('no-init-per-transaction', async (crash, mutate) => {
      await crash.start({ mutate })
      await crash.finish()
    }))

  test('no-witness: an aborted transaction is taken as committed', () =>
    compare('no-witness', async (crash, mutate) => {
      await crash.start({ failPoints: 'kafka.commit.before=kill@3' })
      const { TransactionClient } = await import(
        '../../../src/connectors/kafka/transaction/transaction-client.ts'
      )
      const client = new TransactionClient(tool.cluster, 60_000, new AbortController().signal)
      for (let slot = 0; slot < 3; slot++) await client.init(`p-${crash.topic}.${slot}`, null)
      await crash.finish({ mutate })
    }))

  test('no-sequence: a batch whose answer was lost is written twice', () =>
    compare('no-sequence', async (crash, mutate) => {
      using fault = broker.faults.add({
        api: 'Produce',
        when: 3,
        times: 1,
        action: { kind: 'drop-answer', close: true },
      })
      await crash.finish({ mutate })
      expect(fault.hits).toBe(1)
    }))

  test('no-aborted-filter: rows of aborted transactions are read', async () => {
    await tool.create('aborted')
    const run = await startFresh(sinkConfig(broker.bootstrap, 'aborted'))
    run.main.write(rowsOf([['k', 'kept']]))
    const [stored] = await prepare(run.group, [run.main], 1)
    await run.group.commit(stored!)
    run.main.write(rowsOf([['k', 'aborted']]))
    await run.main.finish()
    await run.group.abort()
    await run.die()
    await tool.untilDecided('aborted')
    // The broker lives in this process, so the child must not be waited for synchronously.
    const script = resolve(import.meta.dirname, '../../support/kafka-read-child.ts')
    const read = async (mutate: string): Promise<string> => {
      const env = { ...process.env, BOOTSTRAP: broker.bootstrap, TOPIC: 'aborted', MILLRACE_MUTATE: mutate }
      return (await promisify(execFile)(process.execPath, [script], { env })).stdout
    }
    expect([await read(''), await read('no-aborted-filter')]).toEqual(['kept\n', 'kept\naborted\n'])
  })
})
