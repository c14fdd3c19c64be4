/** What every scenario has at hand. */
import { createTopics } from '../../../src/dev-broker/protocol/create-topics.ts'
import { batchOf } from '../../broker/dev-broker/batches.ts'
import { until } from '../../broker/dev-broker/until.ts'
import type { Producer, WireClient } from '../../broker/dev-broker/wire-client.ts'

export interface Stage {
  readonly client: WireClient
  /** A second connection. */
  readonly other: WireClient
  readonly bootstrap: string
  readonly say: (what: string, fact: unknown) => void
  /** Prefix of every name the scenario uses. */
  readonly name: string
}

export type Scenario = (stage: Stage) => Promise<void>

export const zeroId = '0'.repeat(32)

export const create = async (
  client: WireClient,
  name: string,
  numPartitions = 1,
  configs: Record<string, string> = {},
) => {
  const answer = await client.send(createTopics, 5, {
    topics: [
      {
        name,
        numPartitions,
        replicationFactor: 1,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      },
    ],
    timeoutMs: 10_000,
    validateOnly: false,
  })
  const code = answer.topics[0]!.errorCode
  if (code === 0) await until(async () => (await client.fetch(name, 0)).errorCode === 0)
  return code
}

/** InitProducerId until it stops to answer that it should be tried again; the codes on the way are not part of the story. */
export async function init(client: WireClient, id: string, expected?: Producer, version = 4) {
  for (;;) {
    const answer = await client.init(id, expected, version)
    if (![14, 15, 16, 51].includes(answer.errorCode)) return answer
  }
}

export async function settled(
  client: WireClient,
  id: string,
  producer: Producer,
  isCommit: boolean,
): Promise<void> {
  await until(async () => (await client.end(id, producer, isCommit)) !== 51)
}

export const about = (name: string) => ({
  topics: [{ topicId: zeroId, name }],
  allowAutoTopicCreation: false,
  includeClusterOperations: false,
  includeTopicOperations: false,
})

/** A group's coordinator answers 14, 15 or 16 while it is being loaded. */
export async function coordinated<T>(ask: () => Promise<T>, codeOf: (answer: T) => number): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (![14, 15, 16].includes(codeOf(answer))) return answer
  }
}

export async function open(
  client: WireClient,
  id: string,
  topic: string,
  values = ['a', 'b'],
): Promise<Producer> {
  const producer = await init(client, id)
  await until(async () => (await client.addPartitions(id, producer, topic))[0] === 0)
  await client.produce(topic, batchOf(values, { producer, isTransactional: true }), { transactionalId: id })
  return producer
}

export const sizes = (chunks: readonly Buffer[]) => chunks.reduce((sum, chunk) => sum + chunk.length, 0)
