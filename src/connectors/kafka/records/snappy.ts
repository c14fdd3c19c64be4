/**
 * Raw snappy blocks (format_description.txt of google/snappy). Every length and distance is checked against what is
 * there, and the length that a block announces against what its bytes can hold, before anything is allocated.
 */

/** A copy of 64 bytes takes three: nothing expands further. */
const MAX_RATIO = 22

const broken = (): Error => new Error('broken snappy block')

/** The block decompressed. Throws on anything but a whole block of at most `maxLength` bytes. */
export function uncompressSnappy(bytes: Uint8Array, maxLength: number): Uint8Array {
  let p = 0
  let length = 0
  for (let scale = 1; ; scale *= 128) {
    if (p >= bytes.length || scale > 2 ** 28) throw broken()
    const b = bytes[p++]!
    length += (b & 0x7f) * scale
    if (b < 0x80) break
  }
  if (length > bytes.length * MAX_RATIO) throw broken()
  if (length > maxLength) throw new Error('snappy block beyond the output limit')
  const out = new Uint8Array(length)
  let at = 0
  while (p < bytes.length) {
    const tag = bytes[p++]!
    const kind = tag & 3
    if (kind === 0) {
      let count = tag >> 2
      if (count >= 60) {
        const width = count - 59
        if (p + width > bytes.length) throw broken()
        count = littleEndian(bytes, p, width)
        p += width
      }
      count++
      if (p + count > bytes.length || at + count > length) throw broken()
      if (count < 16) for (let i = 0; i < count; i++) out[at + i] = bytes[p + i]!
      else out.set(bytes.subarray(p, p + count), at)
      p += count
      at += count
      continue
    }
    const width = kind === 3 ? 4 : kind
    if (p + width > bytes.length) throw broken()
    const count = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const distance = kind === 1 ? ((tag >> 5) << 8) | bytes[p]! : littleEndian(bytes, p, width)
    p += width
    if (distance === 0 || distance > at || at + count > length) throw broken()
    // Byte by byte: source and target may overlap, which repeats.
    for (let i = 0; i < count; i++, at++) out[at] = out[at - distance]!
  }
  if (at !== length) throw broken()
  return out
}

function littleEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let i = width - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!
  return value
}
