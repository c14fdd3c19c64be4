/** CRC-32C: the native package when it loads (4 GB/s), else a table-driven fallback (0.3–0.7 GB/s). */
import { createRequire } from 'node:module'

type Crc = (bytes: Uint8Array) => number

function makeTables(): Int32Array[] {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256))
  for (let i = 0; i < 256; i++) {
    let crc = i
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    tables[0]![i] = crc
  }
  for (let i = 0; i < 256; i++)
    for (let t = 1; t < 8; t++) {
      const before = tables[t - 1]![i]!
      tables[t]![i] = (before >>> 8) ^ tables[0]![before & 0xff]!
    }
  return tables
}

let tables: Int32Array[] | undefined

/** The fallback, eight bytes a step. Exported for the test that compares both. */
export function crc32cInJavaScript(bytes: Uint8Array): number {
  tables ??= makeTables()
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    ...[Int32Array, Int32Array, Int32Array, Int32Array],
    ...[Int32Array, Int32Array, Int32Array, Int32Array],
  ]
  let crc = -1
  let i = 0
  for (const end = bytes.length - 7; i < end; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    crc =
      t7[crc & 0xff]! ^
      t6[(crc >>> 8) & 0xff]! ^
      t5[(crc >>> 16) & 0xff]! ^
      t4[crc >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]!) & 0xff]!
  return ~crc >>> 0
}

let chosen: Crc | undefined

function choose(): Crc {
  try {
    const native = createRequire(import.meta.url)('@node-rs/crc32') as { readonly crc32c: Crc }
    return bytes => native.crc32c(bytes)
  } catch {
    return crc32cInJavaScript
  }
}

/** Unsigned CRC-32C (Castagnoli) of the bytes. */
export function crc32c(bytes: Uint8Array): number {
  chosen ??= choose()
  return chosen(bytes)
}
