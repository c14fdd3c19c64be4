/** RAND, RAND_INTEGER, UUID: another value for every row. With a seed the sequence of a kernel is fixed. */
import { randomUUID } from 'node:crypto'
import type { PlainValue } from '../../../types/index.ts'
import type { CallContext, ScalarSpec } from '../../function-spec.ts'

/** Java's linear congruential generator, so that a seed gives the numbers it gives in Flink. */
export class JavaRandom {
  #seed: bigint

  constructor(seed: bigint) {
    this.#seed = (seed ^ 0x5deece66dn) & ((1n << 48n) - 1n)
  }

  #next(bits: number): number {
    this.#seed = (this.#seed * 0x5deece66dn + 0xbn) & ((1n << 48n) - 1n)
    return Number(BigInt.asIntN(32, this.#seed >> BigInt(48 - bits)))
  }

  nextDouble(): number {
    return ((this.#next(26) >>> 0) * 134217728 + (this.#next(27) >>> 0)) / 9007199254740992
  }

  nextInt(bound: number): number {
    if ((bound & -bound) === bound) return Number((BigInt(bound) * BigInt(this.#next(31))) >> 31n)
    for (;;) {
      const bits = this.#next(31)
      const value = bits % bound
      if (bits - value + (bound - 1) <= 2147483647) return value
    }
  }
}

/** One sequence per call in a kernel: the context object is the call's. */
const sequences = new WeakMap<CallContext, JavaRandom>()

function sequenceOf(call: CallContext, seed: PlainValue | undefined): JavaRandom | undefined {
  if (seed === undefined) return undefined
  const known = sequences.get(call)
  if (known !== undefined) return known
  const made = new JavaRandom(BigInt(seed as number))
  sequences.set(call, made)
  return made
}

export const rand: ScalarSpec = {
  names: ['RAND'],
  signatures: ['() -> DOUBLE', '(INT) -> DOUBLE'],
  nulls: 'propagate',
  deterministic: false,
  naive: ([seed], call) => sequenceOf(call, seed)?.nextDouble() ?? Math.random(),
  doc: 'A random number from 0 (included) to 1 (excluded).',
  examples: [
    { sql: 'RAND() >= 0', result: 'TRUE' },
    { sql: 'RAND(1) < 1', result: 'TRUE' },
  ],
}

export const randInteger: ScalarSpec = {
  names: ['RAND_INTEGER'],
  signatures: ['(INT) -> INT', '(INT, INT) -> INT'],
  nulls: 'propagate',
  deterministic: false,
  naive: (args, call) => {
    const bound = args.at(-1) as number
    const seed = args.length === 2 ? args[0] : undefined
    return sequenceOf(call, seed)?.nextInt(bound) ?? Math.floor(Math.random() * bound)
  },
  doc: 'A random integer from 0 to below the last argument; a first of two is the seed.',
  examples: [{ sql: 'RAND_INTEGER(10) < 10', result: 'TRUE' }],
}

export const uuid: ScalarSpec = {
  names: ['UUID'],
  signatures: ['() -> CHAR(36)'],
  nulls: 'propagate',
  deterministic: false,
  naive: () => randomUUID(),
  doc: 'A random UUID.',
  examples: [{ sql: 'CHAR_LENGTH(UUID())', result: '36' }],
}
