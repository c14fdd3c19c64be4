/**
 * One owner of a job's state directory. Two guards: a socket that only lives while the owner's process lives
 * (portable: a Unix domain socket, a named pipe on Windows), so that a second start is refused at once and a
 * dead owner is seen at once; and `lease.json` with an incarnation number that every owner raises, so that an
 * owner that was paused and replaced finds out at its next `check()`.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFile, realpath, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configError, MillraceError, runtimeFailure } from '../errors/index.ts'
import { failPoint, isMutated } from '../failpoints/failpoints.ts'
import { highestIncarnation } from './checkpoint-store.ts'
import { fsyncPath, makeDurableDirectory, replaceDurably } from './durable-files.ts'

interface LeaseRecord {
  readonly incarnation: number
  readonly token: string
  readonly pid: number
  readonly startedAt: string
}

const LEASE_FILE = 'lease.json'
/** What no job comes to; a damaged digit might. */
const MAX_INCARNATION = 1e9
/** Socket paths are limited to about 100 bytes on every platform. */
const MAX_SOCKET_PATH = 100

export class Lease {
  readonly directory: string
  readonly incarnation: number
  readonly #token: string
  readonly #server: Server

  private constructor(directory: string, record: LeaseRecord, server: Server) {
    this.directory = directory
    this.incarnation = record.incarnation
    this.#token = record.token
    this.#server = server
  }

  /**
   * Takes the directory, creating it if need be.
   * Throws MR_STATE_DIR_IN_USE when another process owns it, MR_STATE_DIR_NOT_WRITABLE when it cannot be written.
   */
  static async acquire(directory: string): Promise<Lease> {
    let server: Server | null = null
    try {
      await failPoint('lease.start')
      await makeDurableDirectory(directory)
      server = await listenAlone(await socketPath(directory), directory)
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
      return new Lease(directory, record, server)
    } catch (error) {
      server?.close()
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
    await new Promise<void>(resolve => this.#server.close(() => resolve()))
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

async function socketPath(directory: string): Promise<string> {
  const real = await realpath(directory)
  const digest = createHash('sha256').update(real).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\millrace-${digest}`
  const inside = join(real, isMutated('no-lease-socket') ? `lease-${process.pid}.sock` : 'lease.sock')
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `millrace-${digest}.sock`)
}

/** Binds the socket; a leftover of a dead owner refuses connections and is removed. */
async function listenAlone(path: string, directory: string): Promise<Server> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const server = await tryListen(path)
    if (server !== null) return server
    const owner = await ownerPid(path)
    if (owner !== null) throw inUse(directory, owner)
    await unlink(path).catch(() => {})
  }
  throw inUse(directory, 'unknown')
}

const inUse = (directory: string, pid: string) =>
  configError('MR_STATE_DIR_IN_USE', `State directory ${directory} is in use by process ${pid}`, {
    hint: 'stop that process first, or give this job another --state-dir or another pipeline.name',
  })

function tryListen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.end(String(process.pid))
    })
    server.unref()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(path, () => resolve(server))
  })
}

/** The pid of a living owner, or null when nobody listens. A stopped (SIGSTOP) owner counts as living. */
function ownerPid(path: string): Promise<string | null> {
  return new Promise(resolve => {
    const socket = connect(path)
    let text = ''
    const done = (pid: string | null) => {
      socket.destroy()
      resolve(pid)
    }
    socket.setTimeout(1000, () => done('unknown (it does not answer)'))
    socket.on('data', chunk => {
      text += chunk.toString()
    })
    socket.on('end', () => done(text === '' ? 'unknown' : text))
    socket.on('error', () => done(null))
  })
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
