/** Every named step at which the proof kills, and the story that brings a job there. */
import { checkpointFailPoints } from '../src/checkpoint/fail-points.ts'
import { kafkaFailPoints } from '../src/connectors/kafka/transaction/fail-points.ts'

export const crashPoints: Readonly<Record<string, string>> = { ...kafkaFailPoints, ...checkpointFailPoints }

/**
 * How a job comes to a step:
 * - `start`: each start passes it once or so;
 * - `flow`: each checkpoint passes it, or each transaction;
 * - `resume`: a start that finds a prepared transaction;
 * - `ambiguous`: a start that finds one which somebody else has ended;
 * - `idle`: nothing is written for a while;
 * - `failure`: the job fails with a transaction open.
 */
export type Way = 'start' | 'flow' | 'resume' | 'ambiguous' | 'idle' | 'failure'

const ways: readonly (readonly [RegExp, Way])[] = [
  [/^kafka\.recover\.commit\./, 'resume'],
  [/^kafka\.recover\.witness\./, 'ambiguous'],
  [/^kafka\.keep-alive\./, 'idle'],
  [/^kafka\.abort\./, 'failure'],
  [
    /^(lease|file\.lease|recovery|kafka\.(recover|claim|begin|start-offsets|witness-only|find-coordinator))\b/,
    'start',
  ],
  [/^(checkpoint|file|kafka)\./, 'flow'],
]

export const wayTo = (point: string): Way => ways.find(([pattern]) => pattern.test(point))![1]

/** Steps after the decision and before its confirmation: a process that dies there leaves a prepared transaction. */
export const leavesPrepared = (point: string): boolean =>
  /^(file\.manifest\.(renamed|durable)|checkpoint\.(after-manifest|before-commit|after-commit|before-confirm)|kafka\.commit\.|file\.confirmed\.(opened|half|written|synced))/.test(
    point,
  )

/** What every start passes before rows flow. */
export const recoveryPoints: readonly string[] = [
  'lease.start',
  'lease.bound',
  'file.lease.opened',
  'file.lease.half',
  'file.lease.written',
  'file.lease.synced',
  'file.lease.renamed',
  'file.lease.durable',
  'lease.taken',
  'recovery.start',
  'kafka.recover.start',
  'kafka.recover.owner.before',
  'kafka.recover.owner.after',
  'kafka.find-coordinator.before',
  'kafka.find-coordinator.after',
  'kafka.recover.fence.before',
  'kafka.recover.fence.checked',
  'kafka.recover.fence.after',
  'kafka.recover.verify',
  'kafka.recover.done',
  'recovery.fenced',
  'recovery.done',
  'recovery.restored',
  'kafka.begin',
]

/** What a start passes besides when it finds a prepared transaction. */
export const resumePoints: readonly string[] = [
  'kafka.recover.commit.before',
  'kafka.recover.commit.checked',
  'kafka.recover.commit.answered',
  'kafka.recover.commit.after',
  'checkpoint.before-confirm',
  'file.confirmed.opened',
  'file.confirmed.half',
  'file.confirmed.written',
  'file.confirmed.synced',
  'file.confirmed.renamed',
  'file.confirmed.durable',
  'checkpoint.after-confirm',
]
