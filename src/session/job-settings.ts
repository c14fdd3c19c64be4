/** From SET keys to the typed configuration of one job, with Flink's defaults (or ours where they are safer). */
import { join, resolve } from 'node:path'
import type { Config } from '../catalog/config.ts'
import type { Resume } from '../checkpoint/recovery.ts'
import { configError } from '../errors/index.ts'
import type { CheckpointConfig, JobConfig } from '../runtime/job/job-config.ts'
import type { RestartStrategyConfig } from '../runtime/job/restart-strategy.ts'
import { DEFAULT_MAX_PARALLELISM } from '../state/key-groups.ts'

export interface StateSettings {
  /** Root of all jobs' state; a job's own is below it. */
  readonly stateDir: string
  readonly resume: Resume
}

const checkpointing = (key: string) => `execution.checkpointing.${key}`

export function checkpointConfig(config: Config): CheckpointConfig {
  return {
    intervalMs: config.optionalDurationMs(checkpointing('interval')) ?? 0,
    timeoutMs: config.durationMs(checkpointing('timeout')),
    minPauseMs: config.durationMs(checkpointing('min-pause')),
    tolerableFailures: config.integer(checkpointing('tolerable-failed-checkpoints')),
    deleteOnCancel:
      config.string(checkpointing('externalized-checkpoint-retention')) !== 'RETAIN_ON_CANCELLATION',
    numRetained: Math.max(1, config.integer(checkpointing('num-retained'))),
    inlineBytes: config.memory(checkpointing('data-inline-threshold')),
  }
}

/** Flink's aliases of each strategy's name. */
const strategies: Readonly<Record<string, RestartStrategyConfig['kind']>> = {
  none: 'none',
  off: 'none',
  disable: 'none',
  'fixed-delay': 'fixed-delay',
  fixeddelay: 'fixed-delay',
  'failure-rate': 'failure-rate',
  failurerate: 'failure-rate',
  'exponential-delay': 'exponential-delay',
  exponentialdelay: 'exponential-delay',
}

export function restartConfig(config: Config, isCheckpointed: boolean): RestartStrategyConfig {
  const type = config.optionalString('restart-strategy.type')
  const kind =
    type === undefined ? (isCheckpointed ? 'exponential-delay' : 'none') : strategies[type.toLowerCase()]
  const key = (name: string) => `restart-strategy.${kind}.${name}`
  switch (kind) {
    case 'none':
      return { kind }
    case 'fixed-delay':
      return { kind, attempts: config.integer(key('attempts')), delayMs: config.durationMs(key('delay')) }
    case 'failure-rate':
      return {
        kind,
        maxFailures: config.integer(key('max-failures-per-interval')),
        intervalMs: config.durationMs(key('failure-rate-interval')),
        delayMs: config.durationMs(key('delay')),
      }
    case 'exponential-delay':
      return {
        kind,
        initialBackoffMs: config.durationMs(key('initial-backoff')),
        maxBackoffMs: config.durationMs(key('max-backoff')),
        multiplier: config.number(key('backoff-multiplier')),
        jitter: config.number(key('jitter-factor')),
        resetThresholdMs: config.durationMs(key('reset-backoff-threshold')),
        maxAttempts: config.integer(key('attempts-before-reset-backoff')),
      }
    default:
      throw configError('MR_CONFIG_OPTION_VALUE', `'${type}' is no restart strategy`, {
        expected: ['none', 'fixed-delay', 'failure-rate', 'exponential-delay'],
      })
  }
}

/** A job's name as a directory name: letters, digits, dot, dash and underscore stay. */
export const directoryName = (jobName: string): string =>
  jobName
    .replace(/[^\w.-]+/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 150) || 'job'

/** State is kept when there are checkpoints to take or one to resume from. */
export function jobConfig(config: Config, jobName: string, state: StateSettings): JobConfig {
  const checkpoints = checkpointConfig(config)
  const maxParallelism = config.integer('pipeline.max-parallelism')
  const threads = config.string('millrace.threads')
  const path = config.optionalString('execution.state-recovery.path')
  const resume: Resume =
    path !== undefined && state.resume.kind === 'latest' ? { kind: 'path', path } : state.resume
  const key = [checkpointing('dir'), 'millrace.state-dir'].find(candidate => config.isSet(candidate))
  const root = key === undefined ? state.stateDir : config.string(key)
  return {
    checkpointing: checkpoints,
    restart: restartConfig(config, checkpoints.intervalMs > 0),
    bufferTimeoutMs: config.durationMs(
      config.isSet('execution.buffer-timeout.interval')
        ? 'execution.buffer-timeout.interval'
        : 'execution.buffer-timeout',
    ),
    maxParallelism: maxParallelism > 0 ? maxParallelism : DEFAULT_MAX_PARALLELISM,
    numThreads: threads === 'auto' ? threads : Number(threads),
    stateDirectory:
      checkpoints.intervalMs > 0 || resume.kind === 'path'
        ? join(resolve(root.replace(/^file:\/\//, '')), directoryName(jobName))
        : null,
    resume,
    ignoreUnclaimedState: config.boolean('execution.state-recovery.ignore-unclaimed-state'),
    raw: config.entries(),
  }
}
