/** InitProducerId with producer id and epoch is no compare-and-set: which of its answers are ours. */
import { expect, test } from 'vitest'
import type { ProducerIdentity } from '../../../../../src/connectors/kafka/requests/transactions.ts'
import { Slot } from '../../../../../src/connectors/kafka/transaction/slot.ts'
import type { TransactionClient } from '../../../../../src/connectors/kafka/transaction/transaction-client.ts'

interface Answer extends ProducerIdentity {
  readonly code: number
}

/** A slot that has `current`, and a client that answers its next InitProducerId. */
async function slotWith(current: ProducerIdentity, answer: Answer) {
  const asked: unknown[] = []
  const answers = [{ code: 0, ...current }, answer]
  const client = {
    init: async (id: string, identity: ProducerIdentity | null) => {
      asked.push([id, identity])
      return answers.shift()!
    },
  } as unknown as TransactionClient
  const slot = new Slot('p', 1)
  await slot.fence(client, async () => {})
  return { slot, client, asked }
}

const id = (producerId: number, producerEpoch: number): ProducerIdentity => ({ producerId, producerEpoch })

test.each([
  ['the next epoch', id(7, 3), { code: 0, ...id(7, 4) }],
  ['a new producer id after the last epoch', id(7, 32_766), { code: 0, ...id(8, 0) }],
])('%s is taken', async (_name, current, answer) => {
  const { slot, client, asked } = await slotWith(current, answer)
  await slot.renew(client, async () => {})
  expect(slot).toMatchObject({ state: 'ready', identity: id(answer.producerId, answer.producerEpoch) })
  expect(asked).toEqual([
    ['p.1', null],
    ['p.1', current],
  ])
})

test.each([
  ['fenced', id(7, 3), { code: 90, ...id(-1, -1) }],
  ['an internal error', id(7, 3), { code: -1, ...id(-1, -1) }],
  ['taken for a retry: our own epoch', id(7, 3), { code: 0, ...id(7, 3) }],
  ['two epochs on', id(7, 3), { code: 0, ...id(7, 5) }],
  ['the id was forgotten: a new producer id', id(7, 3), { code: 0, ...id(8, 0) }],
  ['another producer id that has epochs left', id(7, 32_766), { code: 0, ...id(8, 1) }],
])('%s: recovery must decide', async (_name, current, answer) => {
  const { slot, client } = await slotWith(current, answer)
  await expect(slot.renew(client, async () => {})).rejects.toMatchObject({
    code: 'MR_KAFKA_TRANSACTION_FENCED',
    retriable: true,
  })
  expect(slot.state).not.toBe('ready')
})

test('without the lease nothing is asked: even a refused call aborts the owner', async () => {
  const { slot, client, asked } = await slotWith(id(7, 3), { code: 0, ...id(7, 4) })
  const lost = async (): Promise<never> => {
    throw new Error('lease lost')
  }
  await expect(slot.renew(client, lost)).rejects.toThrow('lease lost')
  expect(asked).toHaveLength(1)
  await expect(new Slot('p', 2).fence(client, lost)).rejects.toThrow('lease lost')
  expect(asked).toHaveLength(1)
})
