/**
 * A partition's batches in one append-only file, byte for byte as they are served. Every append is written before it is answered, so a killed
 * process loses nothing; there is no fsync, so a power failure may. A torn or corrupt end is cut off at the next start, with a warning.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import type { Logger } from '../../logger/logger.ts'
import { type Batch, batchAt, hasValidChecksum } from '../log/record-batch.ts'
import type { LogStorage } from './log-storage.ts'

const prefixSize = 12

export class LogFile implements LogStorage {
  readonly #path: string
  readonly #logger: Logger
  readonly #file: number

  constructor(path: string, logger: Logger) {
    this.#path = path
    this.#logger = logger
    this.#file = openSync(path, 'a+')
  }

  *load(): Generator<Batch> {
    const { size } = fstatSync(this.#file)
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
  }

  append(bytes: Buffer): void {
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written)
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
