import { expect, test } from 'vitest'
import { crc32c } from '../../../src/dev-broker/log/crc32c.ts'

/** Bit by bit, from the definition. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc
}

test('the check value of CRC-32C', () => {
  expect(crc32c(Buffer.from('123456789')) >>> 0).toBe(0xe3069283)
})

test('the test vectors of RFC 3720', () => {
  expect(crc32c(new Uint8Array(32)) >>> 0).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(0xff)) >>> 0).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)) >>> 0).toBe(0x46dd794e)
})

test('every length and start agrees with the definition', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 167 + 13) & 0xff)
  for (let start = 0; start < 9; start++) {
    for (let end = start; end <= bytes.length; end++) {
      expect(crc32c(bytes, start, end)).toBe(slowCrc32c(bytes.subarray(start, end)))
    }
  }
})
