/** A safeguard of the engine that can be switched off, and the stories in which its absence shows. */
import type { Trial } from './trial.ts'

export interface Mutation {
  /** As MILLRACE_MUTATE names it. */
  readonly name: string
  readonly safeguard: string
  readonly cases: readonly MutationCase[]
}

export interface MutationCase {
  readonly name: string
  /** It scripts faults of the broker, so the broker must live in this process. */
  readonly needsDev?: boolean
  /**
   * Tells the story up to, and with, `trial.finish()`. It must end well when `mutate` is undefined; otherwise that
   * safeguard is off in the processes for which it counts.
   */
  run(trial: Trial, mutate: string | undefined): Promise<void>
}

/** Several names for MILLRACE_MUTATE, those that are there. */
export const mutations = (...names: readonly (string | undefined)[]): string =>
  names.filter(name => name !== undefined).join(',')
