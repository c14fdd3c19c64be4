/**
 * Looks at prepared transactions without touching them. Only jobs with several clusters need it: what one broker has
 * ended the others must not commit, so they are all looked at before the first EndTxn.
 */
import type { PreparedTransaction } from '../../contract/index.ts'
import { type Handle, readHandle } from './recovery.ts'
import type { TransactionClient } from './transaction-client.ts'

const UNKNOWN_ID = 105

/**
 * The first of these transactions that the broker has ended and that was not committed before; null when there is
 * none, or when it cannot be known (brokers before Kafka 3.0, no right to describe, no witness): then the EndTxn of
 * the recovery says more.
 */
export async function findEnded(
  client: TransactionClient,
  group: string,
  writtenBy: string,
  prepared: readonly PreparedTransaction[],
): Promise<PreparedTransaction | null> {
  for (const entry of [...prepared].sort((a, b) => a.label - b.label)) {
    if (await mayBeCommitted(client, readHandle(entry))) continue
    const witness = await client.readWitness(group, writtenBy, false)
    if (witness?.jobId !== writtenBy) return null
    if (witness.label < entry.label) return entry
  }
  return null
}

/** Open under our epoch, or on its way to a commit; true too when the broker does not say. */
async function mayBeCommitted(client: TransactionClient, handle: Handle): Promise<boolean> {
  const found = await client.describe(handle.transactionalId)
  if (found === null) return true
  if (found.code === UNKNOWN_ID) return false
  if (found.code !== 0) return true
  const isOurs = found.producerId === handle.producerId && found.producerEpoch === handle.producerEpoch
  return isOurs && ['Ongoing', 'PrepareCommit', 'CompleteCommit'].includes(found.state)
}
