/** Flink's restart strategies. A strategy is asked after each failure and answers how long to wait, or null = give up. */

export type RestartStrategyConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed-delay'; readonly attempts: number; readonly delayMs: number }
  | {
      readonly kind: 'failure-rate'
      readonly maxFailures: number
      readonly intervalMs: number
      readonly delayMs: number
    }
  | {
      readonly kind: 'exponential-delay'
      readonly initialBackoffMs: number
      readonly maxBackoffMs: number
      readonly multiplier: number
      /** Part of the backoff added or taken at random, 0–1. */
      readonly jitter: number
      /** After running this long without failure the backoff starts over. */
      readonly resetThresholdMs: number
      readonly maxAttempts: number
    }

export interface RestartStrategy {
  /** `nowMs` = when the job failed. */
  nextDelayMs(nowMs: number): number | null
}

export function createRestartStrategy(
  config: RestartStrategyConfig,
  random: () => number = Math.random,
): RestartStrategy {
  switch (config.kind) {
    case 'none':
      return { nextDelayMs: () => null }
    case 'fixed-delay': {
      let left = config.attempts
      return { nextDelayMs: () => (left-- > 0 ? config.delayMs : null) }
    }
    case 'failure-rate': {
      const failures: number[] = []
      return {
        nextDelayMs(nowMs) {
          failures.push(nowMs)
          while (failures.length > 0 && nowMs - failures[0]! > config.intervalMs) failures.shift()
          return failures.length > config.maxFailures ? null : config.delayMs
        },
      }
    }
    case 'exponential-delay': {
      let backoffMs = config.initialBackoffMs
      let attempts = 0
      let lastFailureMs = Number.NEGATIVE_INFINITY
      return {
        nextDelayMs(nowMs) {
          if (nowMs - lastFailureMs > config.resetThresholdMs + backoffMs) {
            backoffMs = config.initialBackoffMs
            attempts = 0
          }
          lastFailureMs = nowMs
          if (++attempts > config.maxAttempts) return null
          const delayMs = backoffMs
          backoffMs = Math.min(config.maxBackoffMs, backoffMs * config.multiplier)
          return Math.round(delayMs * (1 + config.jitter * (2 * random() - 1)))
        },
      }
    }
  }
}
