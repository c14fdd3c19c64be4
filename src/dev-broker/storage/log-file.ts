/**
 * A partition's batches in one append-only file, byte for byte as they are served. Every append is written before it is answered, so a killed
 * process loses nothing; there is no fsync, so a power failure may. A torn or corrupt end is cut off at the next start, with a warning.
 * Deleted batches leave the file when they are most of it.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import type { Logger } from '../../logger/logger.ts'
import { type Batch, batchAt, hasValidChecksum } from '../log/record-batch.ts'
import type { LogStorage } from './log-storage.ts'

const prefixSize = 12
/** Less is not worth writing the file anew. */
const minDeletedBytes = 16 * 1024 * 1024

export class LogFile implements LogStorage {
  readonly #path: string
  readonly #logger: Logger
  #file: number
  #size: number

  constructor(path: string, logger: Logger) {
    this.#path = path
    this.#logger = logger
    this.#file = openSync(path, 'a+')
    this.#size = fstatSync(this.#file).size
  }

  *load(): Generator<Batch> {
    const size = this.#size
    let position = 0
    for (
      let batch = this.#readAt(position, size);
      batch !== undefined;
      batch = this.#readAt(position, size)
    ) {
      position += batch.bytes.length
      yield batch
    }
    if (position === size) return
    this.#logger.warn('cut off a torn log', {
      path: this.#path,
      keptBytes: position,
      lostBytes: size - position,
    })
    ftruncateSync(this.#file, position)
    this.#size = position
  }

  append(bytes: Buffer): void {
    writeAll(this.#file, bytes)
    this.#size += bytes.length
  }

  /** A kill on the way leaves the old file. */
  deleteBefore(kept: readonly Batch[]): void {
    const keptBytes = kept.reduce((sum, { bytes }) => sum + bytes.length, 0)
    if (this.#size - keptBytes < Math.max(minDeletedBytes, keptBytes)) return
    const file = openSync(`${this.#path}.new`, 'w+')
    for (const { bytes } of kept) writeAll(file, bytes)
    renameSync(`${this.#path}.new`, this.#path)
    closeSync(this.#file)
    this.#file = file
    this.#size = keptBytes
  }

  close(): void {
    closeSync(this.#file)
  }

  /** The whole, valid batch at a position of the file. */
  #readAt(position: number, fileSize: number): Batch | undefined {
    if (position + prefixSize > fileSize) return undefined
    const prefix = Buffer.alloc(prefixSize)
    readSync(this.#file, prefix, 0, prefixSize, position)
    const size = prefixSize + prefix.readInt32BE(8)
    if (size <= prefixSize || position + size > fileSize) return undefined
    const bytes = Buffer.allocUnsafeSlow(size)
    readSync(this.#file, bytes, 0, size, position)
    const batch = batchAt(bytes, 0)
    return batch !== undefined && hasValidChecksum(batch.bytes) ? batch : undefined
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}
