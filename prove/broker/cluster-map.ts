/** Which broker of a cluster does what at this moment, asked on a plain socket. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection, type Reader, Writer } from '../../harness/wire.ts'

/** What a broker is to a job. */
export type NodeRole = 'transaction coordinator' | 'group coordinator' | 'source leader' | 'sink leader'

/** The names that lead to the brokers of a job. */
export interface JobNames {
  readonly transactionalId: string
  readonly group: string
  readonly source: string
  readonly sink: string
}

const METADATA = 3
const FIND_COORDINATOR = 10
const GROUP = 0
const TRANSACTION = 1
const TIMEOUT_MS = 120_000
const POLL_MS = 100

/** Asks one broker after another until one answers. */
async function ask(bootstrap: string, api: number, version: number, body: Buffer): Promise<Reader> {
  let failure: unknown
  for (const address of bootstrap.split(',')) {
    const colon = address.lastIndexOf(':')
    let connection: Connection | undefined
    try {
      connection = await Connection.open(address.slice(0, colon), Number(address.slice(colon + 1)))
      return await connection.send(api, version, body)
    } catch (error) {
      failure = error
    } finally {
      connection?.close()
    }
  }
  throw failure
}

/** Null when the cluster cannot say now. */
async function coordinatorOf(bootstrap: string, key: string, type: number): Promise<number | null> {
  const answer = await ask(bootstrap, FIND_COORDINATOR, 1, new Writer().string(key).int8(type).bytes())
  answer.int32()
  const code = answer.int16()
  answer.string()
  return code === 0 ? answer.int32() : null
}

interface PartitionPlace {
  readonly leader: number
  readonly numReplicas: number
  readonly numInSync: number
}

async function partitionsOf(bootstrap: string, topic: string): Promise<PartitionPlace[]> {
  const answer = await ask(bootstrap, METADATA, 4, new Writer().int32(1).string(topic).int8(0).bytes())
  answer.int32()
  answer.array(() => [answer.int32(), answer.string(), answer.int32(), answer.string()])
  answer.string()
  answer.int32()
  const topics = answer.array(() => {
    answer.int16()
    answer.string()
    answer.int8()
    return answer.array((): PartitionPlace => {
      answer.int16()
      answer.int32()
      const leader = answer.int32()
      const numReplicas = answer.array(() => answer.int32()).length
      return { leader, numReplicas, numInSync: answer.array(() => answer.int32()).length }
    })
  })
  return topics.flat()
}

async function leaderOf(bootstrap: string, topic: string): Promise<number | null> {
  const [first] = await partitionsOf(bootstrap, topic)
  return first === undefined || first.leader < 0 ? null : first.leader
}

function look(bootstrap: string, role: NodeRole, names: JobNames): Promise<number | null> {
  switch (role) {
    case 'transaction coordinator':
      return coordinatorOf(bootstrap, names.transactionalId, TRANSACTION)
    case 'group coordinator':
      return coordinatorOf(bootstrap, names.group, GROUP)
    case 'source leader':
      return leaderOf(bootstrap, names.source)
    case 'sink leader':
      return leaderOf(bootstrap, names.sink)
    default:
      return role satisfies never
  }
}

async function until<T>(what: string, attempt: () => Promise<T | null>): Promise<T> {
  for (const deadline = performance.now() + TIMEOUT_MS; ; await sleep(POLL_MS)) {
    const found = await attempt().catch(() => null)
    if (found !== null) return found
    if (performance.now() > deadline) throw new Error(`the cluster has no ${what}`)
  }
}

/** The id of the broker in a role. */
export const nodeOf = (bootstrap: string, role: NodeRole, names: JobNames): Promise<number> =>
  until(role, () => look(bootstrap, role, names))

/** Resolves when every partition has all its replicas in sync, those of transactions and offsets too. */
export async function untilInSync(bootstrap: string, topics: readonly string[]): Promise<void> {
  for (const topic of [...topics, '__transaction_state', '__consumer_offsets'])
    await until(`full set of replicas of ${topic}`, async () => {
      const places = await partitionsOf(bootstrap, topic)
      const isWhole = places.every(place => place.leader >= 0 && place.numInSync === place.numReplicas)
      return isWhole && places.length > 0 ? true : null
    })
}
