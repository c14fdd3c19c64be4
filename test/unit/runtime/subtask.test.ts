import { expect, it } from 'vitest'
import { OperatorMetricGroup } from '../../../src/metrics/operator-metrics.ts'
import { BatchPool } from '../../../src/runtime/channels/batch-pool.ts'
import { Channel } from '../../../src/runtime/channels/channel.ts'
import { ExchangeWriter } from '../../../src/runtime/channels/exchange-writer.ts'
import { InputGate } from '../../../src/runtime/channels/input-gate.ts'
import { RowGroups } from '../../../src/runtime/channels/row-groups.ts'
import type { StreamElement } from '../../../src/runtime/channels/stream-element.ts'
import { ChainOutput } from '../../../src/runtime/task/chain-output.ts'
import { ProcessingTimers } from '../../../src/runtime/task/processing-timers.ts'
import { Subtask } from '../../../src/runtime/task/subtask.ts'

/** What a subtask with a local phase does and sends on, given these elements. */
async function told(...elements: readonly StreamElement[]): Promise<string[]> {
  const log: string[] = []
  const input = new Channel(new BatchPool([]))
  const output = new Channel(new BatchPool([]))
  const put = output.put.bind(output)
  output.put = element => {
    log.push(element.kind)
    put(element)
  }
  const subtask = new Subtask({
    task: 'task',
    subtask: 0,
    head: {
      kind: 'gate',
      gate: new InputGate([{ channel: input, input: 0 }]),
      output: new ChainOutput(new OperatorMetricGroup()),
    },
    operators: [],
    exchanges: [new ExchangeWriter([output], new RowGroups(null, 1, 128))],
    localPhases: [{ flush: () => log.push('flush') }],
    writers: [],
    collectors: [],
    timers: new ProcessingTimers(),
    bufferTimeoutMs: 100,
    now: () => 0,
    acknowledge: () => {},
    drained: () => subtask.stop(),
  })
  for (const element of [...elements, { kind: 'end' } as const]) input.put(element)
  await subtask.run()
  return log
}

it('sends what its local phase holds back before it is idle, before a barrier and before the end', async () => {
  expect(await told({ kind: 'idle' })).toEqual(['flush', 'idle', 'flush', 'end'])
  expect(await told({ kind: 'barrier', checkpointId: 1 })).toEqual(['flush', 'barrier', 'flush', 'end'])
  expect(await told({ kind: 'idle' }, { kind: 'active' })).toEqual([
    'flush',
    'idle',
    'active',
    'flush',
    'end',
  ])
})
