/**
 * 64-bit integers as two int32 words, in text. No BigInt is made, so that it costs the same whether or not V8
 * keeps BigInt64Array arithmetic in machine registers (design.md §2: on Node 24 it may stay 20 times slower).
 */
import type { InlineContext } from './function-spec.ts'

/** Texts of the low and the high int32; they are evaluated more than once, so they are names or small. */
export type Words = readonly [lo: string, hi: string]

export const addWords = ([aLo, aHi]: Words, [bLo, bHi]: Words): Words => [
  `((${aLo} + ${bLo}) | 0)`,
  `((${aHi} + ${bHi} + ((${aLo} >>> 0) + (${bLo} >>> 0) > 4294967295 ? 1 : 0)) | 0)`,
]

export const subtractWords = ([aLo, aHi]: Words, [bLo, bHi]: Words): Words => [
  `((${aLo} - ${bLo}) | 0)`,
  `((${aHi} - ${bHi} - ((${aLo} >>> 0) < (${bLo} >>> 0) ? 1 : 0)) | 0)`,
]

export const multiplyWords = (context: InlineContext, [aLo, aHi]: Words, [bLo, bHi]: Words): Words => [
  `Math.imul(${aLo}, ${bLo})`,
  `((${context.constant(highProduct)}(${aLo}, ${bLo}) + Math.imul(${aHi}, ${bLo}) + Math.imul(${aLo}, ${bHi})) | 0)`,
]

/** High 32 bits of the product of two unsigned 32-bit numbers, by 16-bit halves. */
function highProduct(a: number, b: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  const middle = a1 * b0 + ((a0 * b0) >>> 16)
  const carry = a0 * b1 + (middle & 0xffff)
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(carry / 65536)) | 0
}

export const wordsOf = (value: bigint): readonly [lo: number, hi: number] => [
  Number(BigInt.asIntN(32, value)),
  Number(BigInt.asIntN(32, value >> 32n)),
]

export const constantWords = (context: InlineContext, value: bigint): Words => {
  const [lo, hi] = wordsOf(value)
  return [context.constant(lo), context.constant(hi)]
}
