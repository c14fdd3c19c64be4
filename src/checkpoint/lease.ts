/**
 * One owner of a job's state directory. Two guards: a socket that only lives while the owner's process lives, so that
 * a second start is refused at once and a dead owner is seen at once; and `lease.json` with an incarnation number that every owner raises, so that an
 * owner that was paused and replaced finds out at its next `check()`.
 */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configError, MillraceError, runtimeFailure } from '../errors/index.ts'
import { failPoint, isMutated } from '../failpoints/failpoints.ts'
import { highestIncarnation } from './checkpoint-store.ts'
import { fsyncPath, makeDurableDirectory, replaceDurably } from './durable-files.ts'
import { LeaseSocket } from './lease-socket.ts'

interface LeaseRecord {
  readonly incarnation: number
  readonly token: string
  readonly pid: number
  readonly startedAt: string
}

const LEASE_FILE = 'lease.json'
/** What no job comes to; a damaged digit might. */
const MAX_INCARNATION = 1e9

export class Lease {
  readonly directory: string
  readonly incarnation: number
  readonly #token: string
  readonly #socket: LeaseSocket

  private constructor(directory: string, record: LeaseRecord, socket: LeaseSocket) {
    this.directory = directory
    this.incarnation = record.incarnation
    this.#token = record.token
    this.#socket = socket
  }

  /**
   * Takes the directory, creating it if need be.
   * Throws MR_STATE_DIR_IN_USE when another process owns it, MR_STATE_DIR_NOT_WRITABLE when it cannot be written.
   */
  static async acquire(directory: string): Promise<Lease> {
    let socket: LeaseSocket | null = null
    try {
      await failPoint('lease.start')
      await makeDurableDirectory(directory)
      socket = await LeaseSocket.open(directory)
      await failPoint('lease.bound')
      const previous = await readRecord(directory)
      // Who wrote a lease had made the names above it durable before.
      if (previous === null) await fsyncPath(directory)
      const record: LeaseRecord = {
        // Above every checkpoint, too: after a lost or damaged lease new ones must not count as older than those.
        incarnation: Math.max(previous?.incarnation ?? 0, await highestIncarnation(directory)) + 1,
        token: randomUUID(),
        pid: process.pid,
        startedAt: new Date().toISOString(),
      }
      await replaceDurably(directory, LEASE_FILE, `${JSON.stringify(record)}\n`, 'lease')
      await failPoint('lease.taken')
      return new Lease(directory, record, socket)
    } catch (error) {
      await socket?.close()
      throw toStateDirectoryError(error, directory)
    }
  }

  /** Rejects with MR_LEASE_LOST when another incarnation has taken over. */
  async check(): Promise<void> {
    if (isMutated('no-lease-check')) return
    const record = await readRecord(this.directory)
    if (record?.token === this.#token) return
    throw runtimeFailure(
      'MR_LEASE_LOST',
      `This process no longer owns ${this.directory}: ${record === null ? 'its lease was removed' : `incarnation ${record.incarnation} (pid ${record.pid}) took over at ${record.startedAt}`}`,
      { hint: 'run one process per job; this one stops without committing anything more', retriable: false },
    )
  }

  async release(): Promise<void> {
    await this.#socket.close()
  }
}

/** null = none, or a damaged one. */
async function readRecord(directory: string): Promise<LeaseRecord | null> {
  try {
    const record = JSON.parse(await readFile(join(directory, LEASE_FILE), 'utf8')) as LeaseRecord | null
    const { incarnation } = record ?? {}
    return Number.isInteger(incarnation) && incarnation! < MAX_INCARNATION ? record : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}

function toStateDirectoryError(error: unknown, directory: string): MillraceError {
  if (error instanceof MillraceError) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return configError(
    'MR_STATE_DIR_NOT_WRITABLE',
    `State directory ${directory} cannot be written (${code || String(error)})`,
    {
      hint: 'check its owner and free space, or choose another with --state-dir',
      cause: error,
    },
  )
}
