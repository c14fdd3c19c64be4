/** What a process of this machine holds: resident memory and open files. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessUsage {
  readonly rssBytes: number
  /** Null where the system does not tell (no /proc). */
  readonly numHandles: number | null
}

/** Null when the process is gone. */
export function processUsage(pid: number): ProcessUsage | null {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
}

function fromProc(pid: number): ProcessUsage | null {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    // A zombie has no memory any more.
    if (kib === undefined) return null
    return { rssBytes: Number(kib) * 1024, numHandles: readdirSync(`/proc/${pid}/fd`).length }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return null
    throw error
  }
}

function fromPs(pid: number): ProcessUsage | null {
  const { status, stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return status === 0 ? { rssBytes: Number(stdout.trim()) * 1024, numHandles: null } : null
}
