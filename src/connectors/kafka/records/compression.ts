/**
 * The four codecs of a record batch. Packages are loaded when a codec is first met. Every decompression has a
 * limit, so a small malicious batch cannot take the memory of the process.
 */
import { createRequire } from 'node:module'
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { connectorError } from '../../../errors/index.ts'
import { lz4FrameSize } from './lz4-size.ts'
import { uncompressSnappy } from './snappy.ts'

export const compressionTypes = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type CompressionType = (typeof compressionTypes)[number]

/** Largest decompressed batch accepted: far beyond `max.message.bytes` of any sane topic. */
export const MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024

const load = createRequire(import.meta.url)

interface Snappy {
  compress(bytes: Uint8Array): Uint8Array
}
interface Lz4 {
  compressFrameSync(bytes: Buffer): Buffer
  decompressFrameSync(bytes: Buffer): Buffer
}

let snappy: Snappy | undefined
let lz4: Lz4 | undefined
const snappyCodec = (): Snappy => (snappy ??= load('snappyjs') as Snappy)
const lz4Codec = (): Lz4 => (lz4 ??= load('lz4-napi') as Lz4)

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** `bytes` compressed; the id of the codec is its index in `compressionTypes`. */
export function compress(type: CompressionType, bytes: Uint8Array): Uint8Array {
  switch (type) {
    case 'none':
      return bytes
    case 'gzip':
      return gzipSync(bytes)
    case 'snappy':
      return snappyCodec().compress(bytes)
    case 'lz4':
      return lz4Codec().compressFrameSync(asBuffer(bytes))
    case 'zstd':
      return zstdCompressSync(bytes)
  }
}

/** Decompresses the records of a batch. Throws any Error on corrupt or oversized input; the caller names the place. */
export function decompress(codec: number, bytes: Uint8Array): Uint8Array {
  const found = decompressAny(codec, bytes)
  // Decoders are compiled for plain arrays; a Buffer's hidden class would slow them down.
  return new Uint8Array(found.buffer, found.byteOffset, found.length)
}

function decompressAny(codec: number, bytes: Uint8Array): Uint8Array {
  switch (compressionTypes[codec]) {
    case 'none':
      return bytes
    case 'gzip':
      return gunzipSync(bytes, { maxOutputLength: MAX_DECOMPRESSED_BYTES })
    case 'snappy':
      return decompressSnappy(bytes)
    case 'lz4':
      return decompressLz4(bytes)
    case 'zstd':
      return zstdDecompressSync(bytes, { maxOutputLength: MAX_DECOMPRESSED_BYTES })
    default:
      throw connectorError('MR_KAFKA_UNKNOWN_CODEC', `Unknown compression codec ${codec}.`)
  }
}

const xerialMagic = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00)

/** Java frames snappy in blocks (xerial); librdkafka writes one raw block. */
function decompressSnappy(bytes: Uint8Array): Uint8Array {
  const isFramed = bytes.length >= 16 && xerialMagic.every((byte, i) => bytes[i] === byte)
  if (!isFramed) return uncompressSnappy(bytes, MAX_DECOMPRESSED_BYTES)
  const view = asBuffer(bytes)
  const blocks: Uint8Array[] = []
  let total = 0
  for (let at = 16; at < bytes.length; ) {
    const length = at + 4 <= bytes.length ? view.readInt32BE(at) : -1
    if (length < 0 || at + 4 + length > bytes.length) throw new Error('broken snappy frame')
    const block = uncompressSnappy(bytes.subarray(at + 4, at + 4 + length), MAX_DECOMPRESSED_BYTES - total)
    total += block.length
    blocks.push(block)
    at += 4 + length
  }
  return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks, total)
}

/** The package knows no limit, and takes a frame without its end: so frames are measured before. */
function decompressLz4(bytes: Uint8Array): Uint8Array {
  if (lz4FrameSize(bytes) > MAX_DECOMPRESSED_BYTES) throw new Error('lz4 frame beyond the output limit')
  return lz4Codec().decompressFrameSync(asBuffer(bytes))
}
