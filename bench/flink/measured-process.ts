/** A process on one core, and what it cost from its start to its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

export interface Cost {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
  /** The largest resident set. */
  readonly peakBytes: number
}

const SAMPLE_MS = 20
const TIMEOUT_MS = 30 * 60_000

/** The shell waits for the process and so knows its CPU time exactly; `times` prints its own, then its children's. */
const script = `taskset -c "$1" "\${@:2}" >&4 2>&1 & echo "$!" >&3; wait "$!"; code=$?; times >&3; exit "$code"`

const running = new Set<number>()
process.once('exit', () => {
  for (const pid of running) process.kill(pid, 'SIGKILL')
})

/** Runs it to its end on `core`; its output goes to `logFile`. Throws when it ends with another code than 0. */
export async function measure(command: readonly string[], core: number, logFile: string): Promise<Cost> {
  const log = openSync(logFile, 'w')
  const startedAt = performance.now()
  const shell = spawn('bash', ['-c', script, 'bash', String(core), ...command], {
    stdio: ['ignore', log, log, 'pipe', log],
    env: { ...process.env, LC_ALL: 'C' },
  })
  closeSync(log)
  const { report, peakBytes } = await watch(shell)
  const wallSeconds = (performance.now() - startedAt) / 1000
  if (shell.exitCode !== 0)
    throw new Error(
      `${command[0]} ended with ${shell.signalCode ?? shell.exitCode}\n--- end of ${logFile}\n${lastLines(logFile)}`,
    )
  return { cpuSeconds: cpuSecondsIn(report), wallSeconds, peakBytes }
}

/** Resolves when it has ended. The high-water mark only grows, so the last sample is the peak but for the last moment. */
function watch(shell: ChildProcess): Promise<{ readonly report: string; readonly peakBytes: number }> {
  let report = ''
  let peakBytes = 0
  let pid: number | null = null
  const sample = setInterval(() => {
    if (pid !== null) peakBytes = Math.max(peakBytes, peakOf(pid))
  }, SAMPLE_MS)
  const limit = setTimeout(() => pid !== null && process.kill(pid, 'SIGKILL'), TIMEOUT_MS)
  const facts = shell.stdio[3] as NodeJS.ReadableStream
  facts.setEncoding('utf8').on('data', (text: string) => {
    report += text
    if (pid !== null || !report.includes('\n')) return
    pid = Number(report.split('\n')[0])
    running.add(pid)
  })
  return new Promise((resolve, reject) => {
    shell.once('error', reject)
    shell.once('close', () => {
      clearInterval(sample)
      clearTimeout(limit)
      if (pid !== null) running.delete(pid)
      resolve({ report, peakBytes })
    })
  })
}

function peakOf(pid: number): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

/** `0m1.234s 0m0.056s` in the report's last line: user and system time of the shell's children. */
function cpuSecondsIn(report: string): number {
  const times = [...(report.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  if (times.length !== 2) throw new Error(`the shell's times cannot be read: ${report}`)
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
}

const lastLines = (file: string): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n')
