/**
 * Bounded reading of a file or directory. One split a file; its position is the byte offset behind the last record
 * handed out. Files are listed once, at the first start; each is read by one subtask, in the order of the names.
 */
import { basename } from 'node:path'
import { connectorError, internalError, toMillraceError } from '../../errors/index.ts'
import { parseCsvOptions } from '../../formats/csv/csv-options.ts'
import { DecodeError, type Decoder } from '../../formats/format.ts'
import { type Batch, BatchBuilder, batchRowsOf, type Column, encodeUtf8 } from '../../types/index.ts'
import { columnMemory } from '../../wasm/arena-memory.ts'
import type {
  Source,
  SourceBatch,
  SourceReader,
  SourceReaderContext,
  SourceRequest,
  SplitState,
  SplitStatus,
} from '../contract/index.ts'
import { physicalFields } from '../shared/columns.ts'
import { type FileBytes, openFile } from './file-bytes.ts'
import type { FilesystemOptions } from './filesystem-options.ts'
import { listFiles } from './list-files.ts'
import { RecordChunks, type RecordSyntax } from './record-chunks.ts'

interface FileSplit {
  readonly path: string
  offset: number
  finished: boolean
}

interface FilePosition {
  readonly offset: number
  readonly finished: boolean
}

interface OpenFile {
  readonly split: FileSplit
  readonly source: FileBytes
  readonly chunks: RecordChunks
  /** Records of the chunk that were handed out. */
  numTaken: number
}

function recordSyntax({ format, formatContext }: FilesystemOptions): RecordSyntax {
  if (format.name !== 'csv') return { quote: -1, escapeByte: -1 }
  const { quote, escapeByte } = parseCsvOptions(formatContext)
  return { quote, escapeByte }
}

class FilesystemReader implements SourceReader {
  readonly #splits: readonly FileSplit[]
  readonly #syntax: RecordSyntax
  readonly #skipOption: string
  readonly #decoder: Decoder
  readonly #builder: BatchBuilder
  /** Columns the decoder writes, and those that hold the file's name or path. */
  readonly #decoded: readonly Column[]
  readonly #metadata: readonly { readonly column: Column; readonly key: string }[]
  readonly #batchRows: number
  readonly #records: Int32Array
  #open: OpenFile | null = null
  #loading: Promise<void> | null = null
  #failure: unknown = null
  #closed = false

  constructor(request: SourceRequest, options: FilesystemOptions, splits: readonly FileSplit[]) {
    this.#splits = splits
    this.#syntax = recordSyntax(options)
    this.#skipOption = `${options.format.name}.ignore-parse-errors`
    const fields = physicalFields(request.table)
    const physical = request.columns.filter(column => column.kind === 'physical')
    const wanted = physical.map(column => fields.findIndex(field => field.name === column.name))
    this.#decoder = options.format.createDecoder({ fields, wanted }, options.formatContext)
    const types = request.columns.map(column => column.type)
    this.#batchRows = batchRowsOf(types)
    this.#records = new Int32Array(this.#batchRows)
    this.#builder = new BatchBuilder(types, this.#batchRows, columnMemory())
    this.#decoded = this.#builder.columns.filter((_, c) => request.columns[c]!.kind === 'physical')
    this.#metadata = request.columns.flatMap((column, c) =>
      column.kind === 'metadata' ? [{ column: this.#builder.columns[c]!, key: column.name }] : [],
    )
  }

  poll(): SourceBatch | null {
    if (this.#failure !== null) throw this.#failure
    const open = this.#open
    if (open === null || this.#loading !== null) return null
    const { chunks, split } = open
    if (open.numTaken === chunks.length) return null
    const from = open.numTaken
    const to = Math.min(chunks.length, from + this.#batchRows)
    const batch = this.#decode(open, from, to)
    open.numTaken = to
    split.offset = chunks.offsetBehind(to - 1)
    return { split: split.path, batch }
  }

  #decode({ chunks, split }: OpenFile, from: number, to: number): Batch {
    const builder = this.#builder
    builder.reset()
    try {
      builder.length = this.#decoder.decode(chunks, from, to, this.#decoded, this.#records, 0)
    } catch (thrown) {
      if (!(thrown instanceof DecodeError)) throw thrown
      const { message, record, skipOption } = thrown.failure
      const offset = chunks.base + chunks.starts[record]!
      throw connectorError('MR_FILESYSTEM_DECODE', `${split.path}, record at byte ${offset}: ${message}`, {
        hint:
          skipOption === undefined ? undefined : `Set '${this.#skipOption}' = 'true' to skip such records.`,
      })
    }
    for (const { column, key } of this.#metadata) this.#fillMetadata(column, key, split.path)
    return builder
  }

  #fillMetadata(column: Column, key: string, path: string): void {
    if (column.storage !== 'bytes') throw internalError(`metadata column ${key}`)
    const text = encodeUtf8(key === 'file.name' ? basename(path) : path)
    for (let row = 0; row < this.#builder.length; row++) column.append(row, text, 0, text.length)
  }

  /** Resolves when the next chunk is there. */
  ready(): Promise<void> {
    const hasRows = this.#open !== null && this.#open.numTaken < this.#open.chunks.length
    if ((hasRows && this.#loading === null) || this.#failure !== null || this.finished)
      return Promise.resolve()
    this.#loading ??= this.#load()
      .catch((error: unknown) => {
        this.#failure = error
      })
      .finally(() => {
        this.#loading = null
      })
    return this.#loading
  }

  async #load(): Promise<void> {
    while (!this.#closed) {
      this.#open ??= await this.#openNext()
      if (this.#open === null) return
      const { chunks, split, source } = this.#open
      this.#open.numTaken = 0
      const hasMore = await chunks.next().catch((cause: unknown) => {
        const { message } = toMillraceError(cause)
        throw connectorError('MR_FILESYSTEM_READ', `reading ${split.path} failed: ${message}`, { cause })
      })
      if (hasMore) return
      split.finished = true
      this.#open = null
      await source.close()
    }
  }

  async #openNext(): Promise<OpenFile | null> {
    const split = this.#splits.find(candidate => !candidate.finished)
    if (split === undefined) return null
    const source = await openFile(split.path, split.offset).catch((cause: unknown) => {
      throw connectorError('MR_FILESYSTEM_READ', `cannot open ${split.path}: ${(cause as Error).message}`, {
        cause,
      })
    })
    return { split, source, chunks: new RecordChunks(source, this.#syntax, split.offset), numTaken: 0 }
  }

  get finished(): boolean {
    return this.#failure === null && this.#splits.every(split => split.finished)
  }

  splits(): readonly SplitStatus[] {
    return this.#splits.map(split => ({
      split: split.path,
      caughtUp: split.finished,
      neverHeldRecords: split.finished && split.offset === 0,
      finished: split.finished,
      lag: null,
    }))
  }

  snapshot(): readonly SplitState[] {
    return this.#splits.map(({ path, offset, finished }) => ({ split: path, position: { offset, finished } }))
  }

  metrics(): Readonly<Record<string, number>> {
    return {
      numRecordsInErrors: this.#decoder.numSkippedErrors,
      numFieldErrors: this.#decoder.numFieldErrors ?? 0,
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#loading
    await this.#open?.source.close()
    this.#open = null
    this.#decoder.close?.()
    this.#builder.release()
  }
}

export class FilesystemSource implements Source {
  readonly #request: SourceRequest
  readonly #options: FilesystemOptions

  constructor(request: SourceRequest, options: FilesystemOptions) {
    this.#request = request
    this.#options = options
  }

  async initialSplits(): Promise<readonly SplitState[]> {
    const files = await listFiles(this.#options.path)
    return files.map(split => ({ split, position: { offset: 0, finished: false } }))
  }

  async createReader(context: SourceReaderContext): Promise<SourceReader> {
    const states = context.restored ?? (await this.initialSplits())
    const own = [...states]
      .sort((a, b) => (a.split < b.split ? -1 : 1))
      .filter((_, i) => i % context.parallelism === context.subtask)
      .map(({ split, position }) => ({ path: split, ...(position as FilePosition) }))
    return new FilesystemReader(this.#request, this.#options, own)
  }

  async close(): Promise<void> {}
}
