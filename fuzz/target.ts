/**
 * What a fuzz target is. A case is plain data (`setup`) and byte strings (`parts`), so that any case can be cut down,
 * written to a file and played again without knowing what it means.
 */
import type { Random } from '../test/support/random.ts'

export interface Case {
  /** JSON data: which parser, which options. Small, and not cut down. */
  readonly setup: unknown
  readonly parts: readonly Uint8Array[]
}

export interface Target {
  readonly name: string
  /** One line for `npm run fuzz -- --help`. */
  readonly doc: string
  /** Cases of each seed in the unit suite: a second or two. */
  readonly numUnitCases: number
  /** How long one case may take before it counts as a hang. Default 10 000 ms. */
  readonly maxMs?: number
  /** Whatever a case needs beforehand, for example a recorded conversation. Called once. */
  prepare?(): Promise<void>
  generate(random: Random): Case
  /** Throws when the product answered wrongly: any error at all is a finding. */
  check(input: Case): void | Promise<void>
}

/** Thrown by `check` for a wrong answer, as opposed to the product's own unexpected errors. */
export class Finding extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Finding'
  }
}

/** The seed of case `index` of a run: each case can be made again without those before it. */
export const caseSeed = (seed: number, index: number): number =>
  (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0
