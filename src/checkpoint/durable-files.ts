/**
 * File steps whose order a crash cannot change: content is fsynced before its name, names before what relies on
 * them. `isMutated` switches single steps off for tests that must show they are needed; every step is a fail point
 * and stands in the file trace.
 */
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { failPoint, isMutated } from '../failpoints/failpoints.ts'
import { traceFile, WriteTrace } from '../failpoints/file-trace.ts'
import type { FileRole } from './fail-points.ts'

export async function fsyncDirectory(path: string): Promise<void> {
  if (isMutated('no-directory-fsync') || process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  traceFile({ kind: 'sync-directory', path })
}

/**
 * Makes a directory, those above it that are missing, and all their names durable. Not with mkdir's `recursive`:
 * that never returns where a file system refuses with ENOENT (/proc).
 */
export async function makeDurableDirectory(path: string): Promise<void> {
  return makeDirectory(path, false)
}

/** `again`: it could not be made although the one above it is there. */
async function makeDirectory(path: string, again: boolean): Promise<void> {
  const full = resolve(path)
  const parent = dirname(full)
  try {
    await mkdir(full)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || parent === full) throw error
    // Another job may have made the one above it meanwhile.
    const isThere = await exists(parent)
    if (isThere && again) throw error
    if (!isThere) await makeDurableDirectory(parent)
    return makeDirectory(full, isThere)
  }
  traceFile({ kind: 'make-directory', path: full })
  await failPoint('file.directory.made')
  await fsyncDirectory(parent)
  await failPoint('file.directory.durable')
}

/**
 * Makes the names of a directory and of all above it durable: a process that died may have made them and no more.
 * Directories that we may not read are nobody's who ran as we do.
 */
export async function fsyncPath(path: string): Promise<void> {
  if (isMutated('no-path-fsync')) return
  const full = resolve(path)
  for (let parent = dirname(full); ; parent = dirname(parent)) {
    try {
      await fsyncDirectory(parent)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (!['EACCES', 'EPERM', 'EROFS', 'EINVAL', 'ENOTSUP'].includes(code)) throw error
    }
    if (parent === dirname(parent)) return
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

type Pieces = readonly Uint8Array[]

/** A file that is written in pieces and then fsynced; its directory entry is not yet durable. */
export class SyncedFile {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #role: FileRole
  readonly #trace = new WriteTrace()
  #isBegun = false

  private constructor(handle: FileHandle, path: string, role: FileRole) {
    this.#handle = handle
    this.#path = path
    this.#role = role
  }

  /** To be closed, whatever happens. */
  static async open(path: string, role: FileRole): Promise<SyncedFile> {
    const file = new SyncedFile(await open(path, 'w', 0o600), path, role)
    try {
      await failPoint(`file.${role}.opened`)
    } catch (error) {
      await file.close()
      throw error
    }
    return file
  }

  /** Pieces are borrowed until this resolves. */
  async write(pieces: Pieces): Promise<void> {
    if (this.#isBegun) return this.#append(pieces)
    this.#isBegun = true
    const role = this.#role
    const [first, second] = halves(pieces)
    await this.#append(first)
    await failPoint(`file.${role}.half`)
    await this.#append(second)
  }

  async #append(pieces: Pieces): Promise<void> {
    let rest = pieces.filter(({ length }) => length > 0)
    while (rest.length > 0) {
      const { bytesWritten } = await this.#handle.writev(rest)
      if (bytesWritten === 0) throw new Error('nothing more can be written')
      rest = behind(rest, bytesWritten)
    }
    for (const piece of pieces) this.#trace.add(piece)
  }

  /** Everything is written. */
  async finish(): Promise<void> {
    const role = this.#role
    this.#trace.written(this.#path)
    await failPoint(`file.${role}.written`)
    if (!isMutated('no-fsync')) {
      await this.#handle.sync()
      traceFile({ kind: 'sync', path: this.#path })
    }
    await failPoint(`file.${role}.synced`)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** Writes a whole file and fsyncs it; the directory entry is not yet durable. */
async function writeSynced(path: string, content: Uint8Array, role: FileRole): Promise<void> {
  const file = await SyncedFile.open(path, role)
  try {
    await file.write([content])
    await file.finish()
  } finally {
    await file.close()
  }
}

/** What is left of the pieces after so many bytes. */
function behind(pieces: Pieces, numBytes: number): Uint8Array[] {
  const rest: Uint8Array[] = []
  let skip = numBytes
  for (const piece of pieces) {
    if (skip < piece.length) rest.push(piece.subarray(skip))
    skip = Math.max(0, skip - piece.length)
  }
  return rest
}

function halves(pieces: Pieces): readonly [Pieces, Pieces] {
  const [piece] = pieces
  if (pieces.length === 1)
    return [[piece!.subarray(0, piece!.length >> 1)], [piece!.subarray(piece!.length >> 1)]]
  return [pieces.slice(0, pieces.length >> 1), pieces.slice(pieces.length >> 1)]
}

/** Atomically makes `name` in `directory` hold `content`: after a crash it is all there or not there. */
export async function replaceDurably(
  directory: string,
  name: string,
  content: string,
  role: FileRole,
): Promise<void> {
  const target = join(directory, name)
  const bytes = Buffer.from(content)
  if (isMutated('no-rename')) {
    await writeSynced(target, bytes, role)
    await fsyncDirectory(directory)
    return
  }
  const temporary = `${target}.tmp`
  await writeSynced(temporary, bytes, role)
  await rename(temporary, target)
  traceFile({ kind: 'rename', path: temporary, to: target })
  await failPoint(`file.${role}.renamed`)
  await fsyncDirectory(directory)
  await failPoint(`file.${role}.durable`)
}

/** Removes a directory with all that is in it. A crash may leave any part of it behind. */
export async function removeDirectory(path: string): Promise<void> {
  await failPoint('file.removal.before')
  await rm(path, { recursive: true, force: true })
  traceFile({ kind: 'remove', path })
  await failPoint('file.removal.after')
}
