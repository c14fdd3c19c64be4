/** The bytes of one file in order, from an offset on; `.gz` files are unpacked and offsets count unpacked bytes. */
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'

export interface FileBytes {
  /** Reads at least one byte into `target` from `at` on; 0 = end of file. */
  read(target: Uint8Array, at: number): Promise<number>
  close(): Promise<void>
}

class PlainFile implements FileBytes {
  readonly #handle: FileHandle
  #position: number

  constructor(handle: FileHandle, position: number) {
    this.#handle = handle
    this.#position = position
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(target, at, target.length - at, this.#position)
    this.#position += bytesRead
    return bytesRead
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

class GzipFile implements FileBytes {
  readonly #stream: AsyncIterator<Uint8Array>
  readonly #destroy: () => void
  #toSkip: number
  #rest: Uint8Array = new Uint8Array(0)

  constructor(path: string, skip: number) {
    const file = createReadStream(path)
    const unpacked = createGunzip()
    file.on('error', error => unpacked.destroy(error))
    file.pipe(unpacked)
    this.#stream = unpacked[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
    this.#destroy = () => {
      file.destroy()
      unpacked.destroy()
    }
    this.#toSkip = skip
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    while (this.#rest.length === 0) {
      const next = await this.#stream.next()
      if (next.done === true) return 0
      const skipped = Math.min(this.#toSkip, next.value.length)
      this.#toSkip -= skipped
      this.#rest = next.value.subarray(skipped)
    }
    const count = Math.min(this.#rest.length, target.length - at)
    target.set(this.#rest.subarray(0, count), at)
    this.#rest = this.#rest.subarray(count)
    return count
  }

  async close(): Promise<void> {
    this.#destroy()
  }
}

export async function openFile(path: string, offset: number): Promise<FileBytes> {
  return path.endsWith('.gz') ? new GzipFile(path, offset) : new PlainFile(await open(path, 'r'), offset)
}
