/**
 * The part of a lease that lives as long as its owner: a Unix domain socket, a named pipe on Windows. It is made under
 * a name of its own and then linked to the one everybody knows, because closing it, as the end of its process does,
 * removes the name it was made under: a replaced owner must leave the socket of the next one alone.
 */
import { createHash, randomBytes } from 'node:crypto'
import { link, readdir, realpath, rename, stat, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { configError } from '../errors/index.ts'
import { isMutated } from '../failpoints/failpoints.ts'

const SUFFIX_BYTES = 3
/** Socket paths are limited to about 100 bytes on every platform; the own name has a dot and the suffix more. */
const MAX_SOCKET_PATH = 100 - 1 - 2 * SUFFIX_BYTES
const isWindows = process.platform === 'win32'

export class LeaseSocket {
  readonly #server: Server
  readonly #path: string
  readonly #inode: bigint | null

  private constructor(server: Server, path: string, inode: bigint | null) {
    this.#server = server
    this.#path = path
    this.#inode = inode
  }

  /** Throws MR_STATE_DIR_IN_USE when another owner lives; a leftover of a dead one is removed. */
  static async open(directory: string): Promise<LeaseSocket> {
    const path = await socketPath(directory)
    for (let attempt = 0; attempt < 3; attempt++) {
      const server = isWindows ? await tryListen(path) : await tryListenAndLink(path)
      if (server !== null) {
        if (!isWindows) await removeUnlinked(path)
        return new LeaseSocket(server, path, await inodeOf(path))
      }
      const owner = await ownerPid(path)
      if (owner !== null) throw inUse(directory, owner)
      await unlink(path).catch(() => {})
    }
    throw inUse(directory, 'unknown')
  }

  async close(): Promise<void> {
    if (!isWindows && (await inodeOf(this.#path)) === this.#inode) await unlink(this.#path).catch(() => {})
    await new Promise<void>(resolve => this.#server.close(() => resolve()))
  }
}

async function socketPath(directory: string): Promise<string> {
  const real = await realpath(directory)
  const digest = createHash('sha256').update(real).digest('hex').slice(0, 24)
  if (isWindows) return `\\\\.\\pipe\\millrace-${digest}`
  const inside = join(real, isMutated('no-lease-socket') ? `lease-${process.pid}.sock` : 'lease.sock')
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `millrace-${digest}.sock`)
}

/** Null when there is no such file. */
const inodeOf = (path: string): Promise<bigint | null> =>
  stat(path, { bigint: true }).then(
    ({ ino }) => ino,
    () => null,
  )

/** Null when the name is taken. */
async function tryListenAndLink(path: string): Promise<Server | null> {
  const ownName = `${path}.${randomBytes(SUFFIX_BYTES).toString('hex')}`
  const server = await tryListen(ownName)
  if (server === null) return null
  if (await tryLink(ownName, path)) {
    await unlink(ownName).catch(() => {})
    return server
  }
  await new Promise<void>(resolve => server.close(() => resolve()))
  return null
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // ENOENT: another start has just taken the directory and cleaned up.
    if (code === 'EEXIST' || code === 'ENOENT') return false
    // No hard links here. Of two starts in the same moment both may succeed; the lease tells them apart.
    if ((await inodeOf(to)) !== null) return false
    await rename(from, to)
    return true
  }
}

/** Sockets of starts that died before they were linked. */
async function removeUnlinked(path: string): Promise<void> {
  const names = await readdir(dirname(path))
  const left = names.filter(name => name.startsWith(`${basename(path)}.`))
  for (const name of left) await unlink(join(dirname(path), name)).catch(() => {})
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
