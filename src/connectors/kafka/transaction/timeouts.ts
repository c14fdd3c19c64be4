/**
 * How checkpoints and the broker's transaction timeout fit together (design.md §5). Pure, so that the planner's
 * caller can check before anything is started.
 */
import { configError } from '../../../errors/index.ts'

export interface TransactionTimeouts {
  readonly checkpointIntervalMs: number
  readonly checkpointTimeoutMs: number
  readonly transactionTimeoutMs: number
  /** The cluster's `transaction.max.timeout.ms`, when known. */
  readonly brokerMaximumMs?: number
}

export interface EffectiveTimeouts {
  readonly checkpointTimeoutMs: number
  /** True when the configured checkpoint timeout had to be shortened; to be logged. */
  readonly shortened: boolean
  /** A transaction open for longer fails the job, while there is still time to commit what is prepared. */
  readonly maxTransactionAgeMs: number
}

/**
 * min(configured checkpoint timeout, transaction timeout / 2 − interval). Throws `MR_KAFKA_TRANSACTION_TIMEOUT`
 * when that leaves less than two intervals, or when the broker allows less than the transaction timeout.
 */
export function effectiveTimeouts(timeouts: TransactionTimeouts): EffectiveTimeouts {
  const { checkpointIntervalMs, checkpointTimeoutMs, transactionTimeoutMs, brokerMaximumMs } = timeouts
  if (brokerMaximumMs !== undefined && transactionTimeoutMs > brokerMaximumMs)
    throw transactionTimeoutTooLarge(transactionTimeoutMs, brokerMaximumMs)
  const allowed = Math.floor(transactionTimeoutMs / 2) - checkpointIntervalMs
  if (allowed < 2 * checkpointIntervalMs) {
    throw configError(
      'MR_KAFKA_TRANSACTION_TIMEOUT',
      `A transaction timeout of ${transactionTimeoutMs} ms is too short for checkpoints every ${checkpointIntervalMs} ms: it must be at least ${6 * checkpointIntervalMs} ms.`,
      { hint: "Raise 'properties.transaction.timeout.ms' or lower execution.checkpointing.interval." },
    )
  }
  const effective = Math.min(checkpointTimeoutMs, allowed)
  return {
    checkpointTimeoutMs: effective,
    shortened: effective < checkpointTimeoutMs,
    maxTransactionAgeMs: Math.floor(transactionTimeoutMs / 2),
  }
}

/** The broker refuses the timeout; both numbers belong in the message. */
export const transactionTimeoutTooLarge = (transactionTimeoutMs: number, brokerMaximumMs: number | null) =>
  configError(
    'MR_KAFKA_TRANSACTION_TIMEOUT',
    brokerMaximumMs === null
      ? `The transaction timeout of ${transactionTimeoutMs} ms is larger than the broker's transaction.max.timeout.ms.`
      : `The transaction timeout of ${transactionTimeoutMs} ms is larger than the broker's transaction.max.timeout.ms of ${brokerMaximumMs} ms.`,
    {
      hint: "Lower 'properties.transaction.timeout.ms', or raise transaction.max.timeout.ms on the brokers.",
    },
  )
