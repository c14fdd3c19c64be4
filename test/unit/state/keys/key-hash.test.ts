import { expect, test } from 'vitest'
import { compileHash, NULL_WORD } from '../../../../src/state/keys/key-hash.ts'
import {
  bigintType,
  decimalType,
  doubleType,
  integerType,
  type LogicalType,
  type PlainValue,
  stringType,
  timestampType,
} from '../../../../src/types/index.ts'
import { batchOf } from '../../../support/operator-harness.ts'

/** MurmurHash3 over words, written once more from its definition. */
function murmur(words: readonly number[]): number {
  let h = 0
  for (const word of words) {
    let k = Math.imul(word, 0xcc9e2d51)
    k = (k << 15) | (k >>> 17)
    h ^= Math.imul(k, 0x1b873593)
    h = (h << 13) | (h >>> 19)
    h = (Math.imul(h, 5) + 0xe6546b64) | 0
  }
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function hashOf(type: LogicalType, value: PlainValue): number {
  const out = new Int32Array(1)
  compileHash([type], [0])(batchOf([type], [[value]]), out)
  return out[0]!
}

const words = (bytes: ArrayBuffer) => [...new Int32Array(bytes)]

test('the words of a key are those of the head comment', () => {
  expect(hashOf(integerType(), -7)).toBe(murmur([-7]))
  expect(hashOf(integerType(), null)).toBe(murmur([NULL_WORD]))
  expect(hashOf(bigintType(), -(2n ** 40n) + 5n)).toBe(
    murmur(words(BigInt64Array.of(-(2n ** 40n) + 5n).buffer)),
  )
  expect(hashOf(doubleType(), 1.5)).toBe(murmur(words(Float64Array.of(1.5).buffer)))
  expect(hashOf(timestampType(9), [1000, 7])).toBe(murmur([...words(Float64Array.of(1000).buffer), 7]))
  expect(hashOf(stringType(), 'abcdef')).toBe(murmur([0x64636261, 0x6665, 6]))
  expect(hashOf(stringType(), '')).toBe(murmur([0]))
  const text = '{"$n":"12"}'
  expect(hashOf(decimalType(30, 0), 12n)).toBe(hashOf(stringType(), text))
})

test('-0 hashes as 0 and every NaN alike', () => {
  expect(hashOf(doubleType(), -0)).toBe(hashOf(doubleType(), 0))
  const odd = new Float64Array(Uint32Array.of(1, 0xfff80000).buffer)[0]!
  expect(hashOf(doubleType(), odd)).toBe(hashOf(doubleType(), Number.NaN))
})

test('hashes are part of the state format', () => {
  const out = new Int32Array(1)
  const types = [stringType(), bigintType()]
  compileHash(types, [0, 1])(batchOf(types, [['10.0.0000001', 42n]]), out)
  expect(out[0]).toBe(1909114786)
})
