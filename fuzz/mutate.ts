/** Damage to bytes: what a broken disk, a broken peer or an attacker does to a frame, a file or a text. */
import type { Random } from '../test/support/random.ts'

const oddInt32 = [0, 1, -1, -2, 127, 128, 255, 65535, 65536, 0x7fffffff, -0x80000000, 0x7ffffff0, 0x10000000]

/** One edit; `dictionary` = pieces that mean something in the format. */
export function mutateOnce(
  bytes: Uint8Array,
  random: Random,
  dictionary: readonly Uint8Array[] = [],
): Uint8Array {
  const at = random.below(bytes.length + 1)
  switch (random.below(dictionary.length > 0 ? 11 : 10)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return spliced(bytes, at, random.below(4) + 1, new Uint8Array(0))
    case 2:
      return spliced(bytes, at, 0, randomBytes(random, random.below(4) + 1))
    case 3: {
      const from = random.below(bytes.length + 1)
      return spliced(bytes, at, 0, bytes.slice(from, from + random.below(40)))
    }
    case 4:
      return withInt32(bytes, at, random.pick(oddInt32))
    case 5:
      return spliced(bytes, at, 5, Uint8Array.of(0xff, 0xff, 0xff, 0xff, random.below(256)))
    case 6:
      return withInt32(bytes, at, bytes.length + random.below(9) - 4)
    case 7: {
      const from = random.below(bytes.length + 1)
      return spliced(bytes, at, random.below(64), bytes.slice(from, from + random.below(64)))
    }
    case 10:
      return spliced(bytes, at, random.chance(0.5) ? 1 : 0, random.pick(dictionary))
    default: {
      const changed = bytes.slice()
      if (at < changed.length)
        changed[at] = random.chance(0.5) ? changed[at]! ^ (1 << random.below(8)) : random.below(256)
      return changed
    }
  }
}

/** One to four edits, mostly one. */
export function mutate(bytes: Uint8Array, random: Random, dictionary?: readonly Uint8Array[]): Uint8Array {
  let result = bytes
  for (let i = random.pick([1, 1, 1, 2, 2, 3, 4]); i > 0; i--) result = mutateOnce(result, random, dictionary)
  return result
}

function spliced(bytes: Uint8Array, at: number, numRemoved: number, inserted: Uint8Array): Uint8Array {
  const tail = bytes.subarray(Math.min(bytes.length, at + numRemoved))
  const result = new Uint8Array(at + inserted.length + tail.length)
  result.set(bytes.subarray(0, at))
  result.set(inserted, at)
  result.set(tail, at + inserted.length)
  return result
}

function withInt32(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice()
  if (at + 4 <= changed.length) new DataView(changed.buffer).setInt32(at, value)
  return changed
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}
