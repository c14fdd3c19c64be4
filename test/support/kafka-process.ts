/** One Kafka server as a Java process on a configuration file. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

const START_TIMEOUT_MS = 120_000

export const newClusterId = (): string => `A${randomBytes(16).toString('base64url').slice(1, 22)}`

/** Prepares the log directory that the configuration names. `users`: whether bob has SCRAM passwords. */
export function formatStorage(cache: string, config: string, clusterId: string, users = false): void {
  const scram = users
    ? ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
        '--add-scram',
        `${mechanism}=[name=bob,password=bob-secret]`,
      ])
    : []
  const java = ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', `${cache}/lib/*`, 'kafka.tools.StorageTool']
  const result = spawnSync('java', [...java, 'format', '-t', clusterId, '-c', config, ...scram], {
    encoding: 'utf8',
  })
  if (result.status !== 0) throw new Error(`Kafka's format failed: ${result.stdout}${result.stderr}`)
}

export class KafkaProcess {
  readonly #cache: string
  readonly #config: string
  readonly #port: number
  readonly #pin: readonly string[]
  readonly #killOnExit = () => void this.#child?.kill('SIGKILL')
  #child: ChildProcess | null = null

  /** `port` is the one whose opening says that it is up; `core` the only one it may use. */
  constructor(cache: string, config: string, port: number, core?: number) {
    this.#cache = cache
    this.#config = config
    this.#port = port
    this.#pin = core === undefined ? [] : ['taskset', '-c', String(core)]
    process.once('exit', this.#killOnExit)
  }

  get #archive(): string {
    return join(this.#cache, 'kafka.jsa')
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const sharing = existsSync(this.#archive)
      ? [`-XX:SharedArchiveFile=${this.#archive}`]
      : [`-XX:ArchiveClassesAtExit=${this.#archive}.${process.pid}`]
    const [command, ...args] = [...this.#pin, 'java']
    const child = spawn(
      command!,
      [
        ...args,
        ...['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', ...sharing],
        ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', `${this.#cache}/lib/*`],
        ...['kafka.Kafka', this.#config],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#child = child
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-8_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    await this.#untilOpen(child, () => output)
  }

  async #untilOpen(child: ChildProcess, output: () => string): Promise<void> {
    for (const deadline = Date.now() + START_TIMEOUT_MS; !(await isOpen(this.#port)); ) {
      if (hasEnded(child))
        throw new Error(`Kafka exited with ${child.signalCode ?? child.exitCode}: ${output()}`)
      if (Date.now() > deadline) throw new Error(`Kafka did not open port ${this.#port}: ${output()}`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  /** Resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === null || hasEnded(child)) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  /** Stands still until `resume`; connections stay. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Ends it for good. The first one that ends in order leaves an archive of classes to the later ones. */
  async dispose(signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<void> {
    process.off('exit', this.#killOnExit)
    await this.end(signal)
    const made = `${this.#archive}.${process.pid}`
    if (!existsSync(this.#archive) && existsSync(made)) renameSync(made, this.#archive)
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

const isOpen = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
