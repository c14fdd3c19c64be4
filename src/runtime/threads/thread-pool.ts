/**
 * The worker threads of this process, shared by all its jobs. A thread starts when the first job needs it and ends some
 * time after the last has left; one that has died is replaced at the next start of a job. Idle threads keep no process
 * alive.
 */
import { Worker } from 'node:worker_threads'
import { runtimeFailure } from '../../errors/index.ts'
import type { OpenAttempt } from './thread-messages.ts'

/** A restart soon after a failure finds its threads warm. */
const LINGER_MS = 10_000

export class PooledThread {
  readonly #worker: Worker
  /** What to tell each job when the thread dies. */
  readonly #users = new Set<(error: unknown) => void>()
  #linger: NodeJS.Timeout | null = null
  isDead = false

  constructor(entry: URL, number: number) {
    this.#worker = new Worker(entry, { name: `millrace-${number}` })
    this.#worker.unref()
    this.#worker.on('error', error => this.#die(error))
    this.#worker.on('exit', code => this.#die(new Error(`it ended with code ${code}`)))
  }

  #die(error: unknown): void {
    if (this.isDead) return
    this.isDead = true
    const reason = error instanceof Error ? error.message : String(error)
    const failure = runtimeFailure('MR_THREAD_DIED', `A worker thread of the job died: ${reason}`, {
      hint: "SET 'millrace.threads' = '0' runs the job in one thread; a thread that ran out of memory needs a larger --max-old-space-size",
      retriable: true,
      cause: error,
    })
    for (const died of [...this.#users]) died(failure)
    this.#users.clear()
  }

  get numUsers(): number {
    return this.#users.size
  }

  /** The process stays alive while somebody uses the thread. Returns what ends the use. */
  use(died: (error: unknown) => void): () => void {
    if (this.#linger !== null) clearTimeout(this.#linger)
    this.#linger = null
    this.#users.add(died)
    this.#worker.ref()
    return () => {
      if (!this.#users.delete(died) || this.#users.size > 0) return
      this.#worker.unref()
      this.#linger = setTimeout(() => void this.#end(), LINGER_MS)
      this.#linger.unref()
    }
  }

  async #end(): Promise<void> {
    this.isDead = true
    await this.#worker.terminate()
  }

  open(attempt: OpenAttempt): void {
    this.#worker.postMessage(attempt, [attempt.port, ...attempt.links.map(({ port }) => port)])
  }
}

/** By the module they start with, then by number from 1. */
const pools = new Map<string, Map<number, PooledThread>>()

function poolOf(entry: URL): Map<number, PooledThread> {
  let pool = pools.get(entry.href)
  if (pool === undefined) {
    pool = new Map()
    pools.set(entry.href, pool)
  }
  return pool
}

export function pooledThread(entry: URL, number: number): PooledThread {
  const pool = poolOf(entry)
  let thread = pool.get(number)
  if (thread === undefined || thread.isDead) {
    thread = new PooledThread(entry, number)
    pool.set(number, thread)
  }
  return thread
}

/** Offset of the thread that fewest jobs use: where the next job's first subtask goes. */
export function leastUsed(entry: URL, numThreads: number): number {
  const pool = poolOf(entry)
  const numUsers = (offset: number): number => {
    const thread = pool.get(offset + 1)
    return thread === undefined || thread.isDead ? 0 : thread.numUsers
  }
  let best = 0
  for (let offset = 1; offset < numThreads; offset++) if (numUsers(offset) < numUsers(best)) best = offset
  return best
}
