/**
 * Who uses which transactional id prefix in this process. Two jobs on one prefix and cluster would fence each
 * other for ever, so the second is refused by name.
 */
import { configError } from '../../../errors/index.ts'

const owners = new Map<string, string>()

/** Takes the prefix for a job; returns the function that gives it back. */
export function claimPrefix(cluster: string, prefix: string, jobName: string): () => void {
  const key = JSON.stringify([cluster, prefix])
  const owner = owners.get(key)
  if (owner !== undefined) {
    throw configError(
      'MR_KAFKA_PREFIX_IN_USE',
      `Jobs '${owner}' and '${jobName}' of this process both use the transactional id prefix '${prefix}' on the same Kafka cluster.`,
      { hint: "Give each job its own 'sink.transactional-id-prefix'." },
    )
  }
  owners.set(key, jobName)
  return () => owners.delete(key)
}
