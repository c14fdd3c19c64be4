/** How long the output of an LZ4 frame is, found by walking its tokens: a few kilobytes can stand for a gigabyte. */

const MAGIC = 0x184d2204

const broken = (): Error => new Error('broken lz4 frame')

/** Bytes that the blocks of the frame expand to. Throws on a frame that does not end within its bytes. */
export function lz4FrameSize(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 7 || view.getUint32(0, true) !== MAGIC) throw broken()
  const flags = bytes[4]!
  const blockChecksum = (flags & 0x10) !== 0 ? 4 : 0
  let p = 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0)
  let total = 0
  for (;;) {
    if (p + 4 > bytes.length) throw broken()
    const head = view.getUint32(p, true)
    p += 4
    if (head === 0) return total
    const length = head & 0x7fffffff
    const end = p + length
    if (end + blockChecksum > bytes.length) throw broken()
    total += head >>> 31 === 1 ? length : blockSize(bytes, p, end)
    p = end + blockChecksum
  }
}

function blockSize(bytes: Uint8Array, start: number, end: number): number {
  let p = start
  let total = 0
  /** A length of 15 goes on in the bytes behind it. */
  const longer = (base: number): number => {
    let length = base
    if (base !== 15) return length
    for (;;) {
      if (p >= end) throw broken()
      const more = bytes[p++]!
      length += more
      if (more !== 255) return length
    }
  }
  while (p < end) {
    const token = bytes[p++]!
    const literals = longer(token >> 4)
    p += literals
    total += literals
    if (p > end) throw broken()
    // The last sequence has literals only.
    if (p === end) return total
    p += 2
    total += longer(token & 15) + 4
  }
  return total
}
