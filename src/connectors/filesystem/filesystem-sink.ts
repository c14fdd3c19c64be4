/**
 * Writes part files `part-<subtask>-<n>`, closed at every checkpoint and when they are full. Delivery:
 * at-least-once (a file published between its barrier and a crash is written again under the next number).
 */
import { mkdir } from 'node:fs/promises'
import { connectorError, MillraceError } from '../../errors/index.ts'
import type { Encoder } from '../../formats/format.ts'
import { type Batch, ByteSink } from '../../types/index.ts'
import type { Sink, SinkRequest, SinkWriter } from '../contract/index.ts'
import type { FilesystemOptions } from './filesystem-options.ts'
import { nextPartIndex, PartFile } from './part-file.ts'

/** Bytes encoded before they go to the file. */
const WRITE_BYTES = 1 << 20
/** Bytes under way to the file at which the writer holds the job back. */
const MAX_PENDING_BYTES = 8 << 20

class FilesystemWriter implements SinkWriter {
  readonly #directory: string
  readonly #subtask: number
  readonly #rollBytes: number
  readonly #encoder: Encoder
  readonly #out = new ByteSink(WRITE_BYTES * 2)
  #nextIndex: number
  #file: PartFile | null = null
  /** All file operations, one after the other. Never rejects. */
  #work: Promise<void> = Promise.resolve()
  #pendingBytes = 0
  #failure: MillraceError | null = null
  #numRecords = 0

  constructor(directory: string, subtask: number, firstIndex: number, rollBytes: number, encoder: Encoder) {
    this.#directory = directory
    this.#subtask = subtask
    this.#nextIndex = firstIndex
    this.#rollBytes = rollBytes
    this.#encoder = encoder
  }

  write(batch: Batch): void {
    this.#throwFailure()
    for (let row = 0; row < batch.length; row++) {
      this.#encoder.encode(batch, row, this.#out)
      this.#out.appendByte(10)
      if (this.#out.length >= WRITE_BYTES) this.#writeOut()
    }
    this.#numRecords += batch.length
  }

  /** Queues what is encoded; a full file is published. */
  #writeOut(): void {
    if (this.#out.length === 0) return
    const bytes = this.#out.bytes.slice(0, this.#out.length)
    this.#out.length = 0
    this.#pendingBytes += bytes.length
    this.#enqueue(async () => {
      this.#file ??= await PartFile.create(this.#directory, this.#subtask, this.#nextIndex++)
      await this.#file.append(bytes)
      this.#pendingBytes -= bytes.length
      if (this.#file.numBytes >= this.#rollBytes) await this.#publish()
    })
  }

  async #publish(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.publish()
  }

  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#failure !== null) return
      try {
        await step()
      } catch (error) {
        this.#failure =
          error instanceof MillraceError
            ? error
            : connectorError(
                'MR_FILESYSTEM_WRITE',
                `writing to ${this.#directory} failed: ${(error as Error).message}`,
                { cause: error },
              )
      }
    })
  }

  ready(): Promise<void> | null {
    return this.#pendingBytes < MAX_PENDING_BYTES || this.#failure !== null ? null : this.#work
  }

  flush(): Promise<void> {
    this.#writeOut()
    this.#enqueue(() => this.#publish())
    return this.#work.then(() => this.#throwFailure())
  }

  finish(): Promise<void> {
    return this.flush()
  }

  metrics(): Readonly<Record<string, number>> {
    return { numRecordsOut: this.#numRecords }
  }

  /** Rows behind the last flush are given up: they belong to no checkpoint. */
  async close(): Promise<void> {
    this.#enqueue(async () => {
      const file = this.#file
      this.#file = null
      await file?.discard()
    })
    await this.#work
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure
  }
}

export function createFilesystemSink(request: SinkRequest, options: FilesystemOptions): Sink {
  const fields = request.columns.map(({ name, type }) => ({ name, type }))
  const positions = fields.map((_, i) => i)
  return {
    committer: null,
    async createWriter({ subtask }) {
      const { path, rollBytes, format, formatContext } = options
      try {
        await mkdir(path, { recursive: true })
        const firstIndex = await nextPartIndex(path, subtask)
        const encoder = format.createEncoder(fields, positions, formatContext)
        return new FilesystemWriter(path, subtask, firstIndex, rollBytes, encoder)
      } catch (cause) {
        if (cause instanceof MillraceError) throw cause
        throw connectorError('MR_FILESYSTEM_PATH', `cannot write to '${path}': ${(cause as Error).message}`, {
          cause,
        })
      }
    },
    close: async () => {},
  }
}
