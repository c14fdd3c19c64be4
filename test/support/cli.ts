/** `millrace` as a child process: what a user types, and what comes back. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const millraceScript = resolve(import.meta.dirname, '../../bin/millrace.js')

export interface CliResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** A running child. Its output is collected; `stop` in a `finally` leaves nothing behind. */
export class CliProcess {
  readonly child: ChildProcess
  readonly ended: Promise<CliResult>
  stdout = ''
  stderr = ''

  constructor(args: readonly string[], options: CliOptions) {
    this.child = spawn(process.execPath, [millraceScript, ...args], {
      cwd: options.cwd,
      env: { ...process.env, NO_COLOR: '1', MILLRACE_PROGRESS_MS: '200', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout!.setEncoding('utf8').on('data', text => {
      this.stdout += text
    })
    this.child.stderr!.setEncoding('utf8').on('data', text => {
      this.stderr += text
    })
    this.ended = new Promise((resolveEnd, reject) => {
      this.child.on('error', reject)
      this.child.on('close', (code, signal) =>
        resolveEnd({ code, signal, stdout: this.stdout, stderr: this.stderr }),
      )
    })
  }

  /** Resolves when `condition` holds; fails with all that was printed when the process ends before. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the process ended before ${what}:\n${this.stdout}\n${this.stderr}`)
      }
      await sleep(20)
    }
  }

  untilStderr(text: string | RegExp): Promise<void> {
    return this.until(String(text), () =>
      typeof text === 'string' ? this.stderr.includes(text) : text.test(this.stderr),
    )
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }
}

export const runCli = (args: readonly string[], options: CliOptions): Promise<CliResult> =>
  new CliProcess(args, options).ended

/** A directory of its own for files and state; removed at the end, when what was started in it has ended. */
export class Workplace implements AsyncDisposable {
  readonly path: string
  readonly #started: CliProcess[] = []
  #numRuns = 0

  private constructor(path: string) {
    this.path = path
  }

  static async create(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'millrace-cli-')))
  }

  async write(name: string, text: string): Promise<string> {
    await writeFile(join(this.path, name), text)
    return name
  }

  /** Writes `sql` as `name` and runs it to its end, with a state directory of its own unless one is given. */
  async run(sql: string, args: readonly string[] = [], name = 'job.sql'): Promise<CliResult> {
    await this.write(name, sql)
    const state = args.includes('--state-dir') ? [] : ['--state-dir', `state-${++this.#numRuns}`]
    return runCli(['run', name, ...args, ...state], { cwd: this.path })
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): CliProcess {
    const started = new CliProcess(args, { cwd: this.path, env })
    this.#started.push(started)
    return started
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A test that failed has left them running.
    await Promise.all(this.#started.map(started => started.stop()))
    await rm(this.path, { recursive: true, force: true })
  }
}

const STACK = /^\s+at .*[:(]\d+|node:internal|file:\/\/|\.ts:\d+/m
const ERROR_LINE = /^(?:Parse|Validation|Config|Connector|Internal)Error MR_|^RuntimeFailure MR_/gm

/** What is wrong with how an error was shown to the user; empty when nothing is. */
export function errorDefects(result: CliResult, code: string, facts: readonly string[]): string[] {
  const defects: string[] = []
  if (result.code === null || result.code === 0 || result.code === 70)
    defects.push(`exit code ${result.code} ${result.signal ?? ''}`)
  const numErrors = result.stderr.match(ERROR_LINE)?.length ?? 0
  if (numErrors !== 1) defects.push(`${numErrors} error messages`)
  if (!result.stderr.includes(`${code}:`)) defects.push(`no ${code}`)
  for (const fact of facts) if (!result.stderr.includes(fact)) defects.push(`not said: ${fact}`)
  if (STACK.test(result.stderr)) defects.push('a stack trace')
  return defects.length === 0 ? [] : [...defects, result.stderr, result.stdout]
}
