/**
 * Checkpoints of one job on disk:
 *
 *   <state-dir>/<job>/chk-<id>-<incarnation>/manifest.json    the rename of this file decides the checkpoint
 *                                           /<node>-<n>.parquet  state too large to stand in the manifest
 *                                           /confirmed          all its transactions are known to be committed
 *   <state-dir>/<job>/savepoint-<id>-<incarnation>/…            the same, never removed by retention
 *
 * Newest = highest incarnation, then highest id: what a replaced owner wrote late does not count.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { configError, MillraceError, runtimeFailure } from '../errors/index.ts'
import { failPoint, isMutated } from '../failpoints/failpoints.ts'
import type { Logger } from '../logger/logger.ts'
import { sha256 } from '../state/snapshot/checksum.ts'
import {
  fsyncDirectory,
  makeDurableDirectory,
  removeDirectory,
  replaceDurably,
  SyncedFile,
} from './durable-files.ts'
import { decodeManifest, encodeManifest, type Manifest, type StateData } from './manifest.ts'

const MANIFEST_FILE = 'manifest.json'
const CONFIRMED_FILE = 'confirmed'
const DIRECTORY_PATTERN = /^(chk|savepoint)-(\d+)-(\d+)$/

export interface StoredCheckpoint {
  readonly path: string
  readonly manifest: Manifest
  readonly confirmed: boolean
}

/** A checkpoint being written: state files first, then `CheckpointStore.complete`. */
export interface CheckpointDirectory {
  readonly path: string
  readonly savepoint: boolean
}

interface DirectoryName {
  readonly path: string
  readonly savepoint: boolean
  readonly checkpointId: number
  readonly incarnation: number
}

export class CheckpointStore {
  readonly directory: string
  readonly #logger: Logger

  constructor(directory: string, logger: Logger) {
    this.directory = directory
    this.#logger = logger
  }

  async #directories(): Promise<DirectoryName[]> {
    const names = await readdir(this.directory).catch(error => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      // Taking it for empty would start the job over.
      throw stateUnreadable(this.directory, error)
    })
    const found = names.flatMap((name): DirectoryName[] => {
      const match = DIRECTORY_PATTERN.exec(name)
      if (match === null) return []
      const [, kind, id, incarnation] = match
      return [
        {
          path: join(this.directory, name),
          savepoint: kind === 'savepoint',
          checkpointId: Number(id),
          incarnation: Number(incarnation),
        },
      ]
    })
    return found.sort((a, b) => b.incarnation - a.incarnation || b.checkpointId - a.checkpointId)
  }

  /**
   * Every whole checkpoint, newest first. Damaged ones are logged and left out; when no other is left, the error of the
   * newest is thrown: a job that has had checkpoints must not start afresh unasked.
   */
  async list(): Promise<StoredCheckpoint[]> {
    const checkpoints: StoredCheckpoint[] = []
    const damages: MillraceError[] = []
    for (const { path } of await this.#directories()) {
      const checkpoint = await this.#tryRead(path, error => damages.push(error))
      if (checkpoint !== null) checkpoints.push(checkpoint)
    }
    if (checkpoints.length === 0 && damages[0] !== undefined) throw damages[0]
    return checkpoints
  }

  async #tryRead(path: string, damaged?: (error: MillraceError) => void): Promise<StoredCheckpoint | null> {
    try {
      return await readCheckpoint(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      if (!(error instanceof MillraceError)) throw stateUnreadable(path, error)
      if (error.code === 'MR_CHECKPOINT_FORMAT') throw error
      damaged?.(error)
      this.#logger.warn('damaged checkpoint is not used; falling back to an older one', {
        path,
        reason: error.message,
      })
      return null
    }
  }

  async highestId(): Promise<number> {
    return Math.max(0, ...(await this.#directories()).map(directory => directory.checkpointId))
  }

  async begin(checkpointId: number, incarnation: number, savepoint: boolean): Promise<CheckpointDirectory> {
    const path = join(this.directory, `${savepoint ? 'savepoint' : 'chk'}-${checkpointId}-${incarnation}`)
    await written(path, () => makeDurableDirectory(path))
    return { path, savepoint }
  }

  /** A file for one state table. To be closed, whatever happens. */
  async createState(target: CheckpointDirectory, name: string): Promise<StateFile> {
    const file = await written(target.path, () => SyncedFile.open(join(target.path, name), 'state'))
    return new StateFile(target, name, file)
  }

  /**
   * The decision: when this resolves the checkpoint holds, through any crash. When it rejects, the manifest may be
   * there all the same, without being durable: see `settle`.
   */
  async complete(target: CheckpointDirectory, manifest: Manifest): Promise<void> {
    await written(target.path, async () => {
      await fsyncDirectory(target.path)
      await failPoint('file.state.durable')
      await failPoint('checkpoint.before-manifest')
      await replaceDurably(target.path, MANIFEST_FILE, encodeManifest(manifest), 'manifest')
    })
    await failPoint('checkpoint.after-manifest')
  }

  /**
   * Before anything is committed on the word of a manifest that was found: writes it again, durably. An fsync of its
   * name may have failed, and one that is repeated after a failure says nothing.
   */
  async settle({ path, manifest }: StoredCheckpoint): Promise<void> {
    if (isMutated('no-settle')) return
    await written(path, () => replaceDurably(path, MANIFEST_FILE, encodeManifest(manifest), 'manifest'))
  }

  /** All transactions of the checkpoint are committed. */
  async confirm(path: string): Promise<void> {
    await failPoint('checkpoint.before-confirm')
    await written(path, () =>
      replaceDurably(path, CONFIRMED_FILE, `${new Date().toISOString()}\n`, 'confirmed'),
    )
    await failPoint('checkpoint.after-confirm')
  }

  /**
   * Removes checkpoints that recovery cannot need: keeps savepoints, the newest `numRetained` confirmed ones,
   * and everything after the newest confirmed one.
   */
  async prune(numRetained: number): Promise<void> {
    let numConfirmed = 0
    for (const { path, savepoint } of await this.#directories()) {
      if (savepoint) continue
      const checkpoint = await this.#tryRead(path).catch(() => null)
      if (checkpoint?.confirmed === true) numConfirmed++
      const isKept = numConfirmed === 0 || (checkpoint?.confirmed === true && numConfirmed <= numRetained)
      if (!isKept) await removeDirectory(path)
    }
    await failPoint('checkpoint.after-prune')
  }

  /** All checkpoints; savepoints stay. */
  async removeCheckpoints(): Promise<void> {
    for (const { path, savepoint } of await this.#directories()) if (!savepoint) await removeDirectory(path)
  }
}

/** One state table on its way to the disk: durable before the manifest that names it. */
export class StateFile {
  readonly #target: CheckpointDirectory
  readonly #name: string
  readonly #file: SyncedFile
  #bytes = 0

  constructor(target: CheckpointDirectory, name: string, file: SyncedFile) {
    this.#target = target
    this.#name = name
    this.#file = file
  }

  /** Pieces are borrowed until this resolves. */
  async write(pieces: readonly Uint8Array[]): Promise<void> {
    await written(this.#target.path, () => this.#file.write(pieces))
    for (const piece of pieces) this.#bytes += piece.length
  }

  /** All pieces are written; `checksum` is that of the whole. */
  async finish(checksum: string): Promise<StateData> {
    await written(this.#target.path, () => this.#file.finish())
    return { file: this.#name, bytes: this.#bytes, sha256: checksum }
  }

  async close(): Promise<void> {
    await written(this.#target.path, () => this.#file.close())
  }
}

const stateUnreadable = (path: string, cause: unknown): MillraceError =>
  runtimeFailure('MR_STATE_NOT_READABLE', `The state in ${path} cannot be read: ${String(cause)}.`, {
    hint: 'Look for the rights and the health of the disk that holds the state directory.',
    retriable: true,
    cause,
  })

/** A disk that is full, or an fsync that fails, must not be taken for a bug: it has a code and can be retried. */
async function written<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw runtimeFailure(
      'MR_CHECKPOINT_NOT_WRITTEN',
      `The checkpoint ${path} cannot be written: ${reason}.`,
      {
        hint: 'Look for free space, quota and health of the disk that holds the state directory. The job goes on from its last checkpoint.',
        retriable: true,
        cause: error,
      },
    )
  }
}

/** The highest incarnation that has begun a checkpoint; 0 = none. */
export async function highestIncarnation(directory: string): Promise<number> {
  const names = await readdir(directory)
  return Math.max(0, ...names.map(name => Number(DIRECTORY_PATTERN.exec(name)?.[3] ?? 0)))
}

/** Reads a checkpoint or savepoint directory. Throws MR_CHECKPOINT_CORRUPT, or ENOENT when there is no manifest. */
export async function readCheckpoint(path: string): Promise<StoredCheckpoint> {
  const text = await readFile(join(path, MANIFEST_FILE), 'utf8')
  const manifest = decodeManifest(text, join(path, MANIFEST_FILE))
  const confirmed = await readFile(join(path, CONFIRMED_FILE)).then(
    () => true,
    () => false,
  )
  return { path: resolve(path), manifest, confirmed }
}

/** A path given with `--resume PATH`: the directory, or its manifest file. */
export async function readCheckpointAt(path: string): Promise<StoredCheckpoint> {
  const directory = basename(path) === MANIFEST_FILE ? join(path, '..') : path
  try {
    return await readCheckpoint(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw configError('MR_RESUME_NOT_FOUND', `No checkpoint or savepoint at ${path}`, {
      hint: 'give a directory that holds a manifest.json, or use --resume latest',
    })
  }
}

/** The bytes of a state part, checked. */
export async function readStateData(checkpointPath: string, data: StateData): Promise<Uint8Array> {
  const where = 'inline' in data ? 'in the manifest' : join(checkpointPath, data.file)
  const corrupt = (reason: string) =>
    runtimeFailure('MR_CHECKPOINT_CORRUPT', `State ${where} is damaged: ${reason}`, {
      hint: 'resume from an older checkpoint with --resume PATH',
    })
  const bytes =
    'inline' in data
      ? Buffer.from(data.inline, 'base64')
      : await readFile(where).catch(error => {
          throw (error as NodeJS.ErrnoException).code === 'ENOENT'
            ? corrupt('it is missing')
            : stateUnreadable(where, error)
        })
  if (sha256(bytes) !== data.sha256) throw corrupt('its checksum does not match')
  return bytes
}
