/**
 * One output file: written under a hidden name, made visible by a rename when complete and on disk. A crash leaves
 * hidden files behind, which readers of the directory skip.
 */
import { constants } from 'node:fs'
import { access, type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { connectorError } from '../../errors/index.ts'

const partName = (subtask: number, index: number): string => `part-${subtask}-${index}`

/** The first part number of a subtask that no file in the directory has. */
export async function nextPartIndex(directory: string, subtask: number): Promise<number> {
  const pattern = new RegExp(`^part-${subtask}-(\\d+)$`)
  const indexes = (await readdir(directory)).map(name => Number(pattern.exec(name)?.[1] ?? -1))
  return Math.max(-1, ...indexes) + 1
}

export class PartFile {
  readonly #directory: string
  readonly #name: string
  readonly #handle: FileHandle
  numBytes = 0

  constructor(directory: string, name: string, handle: FileHandle) {
    this.#directory = directory
    this.#name = name
    this.#handle = handle
  }

  static async create(directory: string, subtask: number, index: number): Promise<PartFile> {
    const name = partName(subtask, index)
    return new PartFile(directory, name, await open(join(directory, `.${name}.inprogress`), 'w'))
  }

  async append(bytes: Uint8Array): Promise<void> {
    let written = 0
    while (written < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, written, bytes.length - written)
      written += bytesWritten
    }
    this.numBytes += bytes.length
  }

  get #hiddenPath(): string {
    return join(this.#directory, `.${this.#name}.inprogress`)
  }

  /** Everything to disk, then visible under its name. Never replaces a file. */
  async publish(): Promise<void> {
    await this.#handle.sync()
    await this.#handle.close()
    const path = join(this.#directory, this.#name)
    const exists = await access(path, constants.F_OK).then(
      () => true,
      () => false,
    )
    if (exists) {
      throw connectorError(
        'MR_FILESYSTEM_PART_EXISTS',
        `'${path}' exists already: another job writes here too`,
        {
          hint: 'Give every job a directory of its own.',
        },
      )
    }
    await rename(this.#hiddenPath, path)
    const directory = await open(this.#directory, 'r')
    await directory.sync().finally(() => directory.close())
  }

  /** Gives the file up; its rows come again from the last checkpoint. */
  async discard(): Promise<void> {
    await this.#handle.close()
    await unlink(this.#hiddenPath)
  }
}
