/**
 * Results as JSON: `--json FILE` writes one report, `--json DIRECTORY/` one for each benchmark, and those in
 * `bench/results` are what `npm run performance` makes docs/performance.md of.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Result } from './harness.ts'

export interface Report {
  readonly machine: string
  readonly node: string
  /** Day of the measurement. */
  readonly date: string
  readonly commit: string
  readonly results: Readonly<Record<string, Result>>
}

export function reportOf(results: Readonly<Record<string, Result>>): Report {
  const processors = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return {
    machine: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${memory} GB`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    results,
  }
}

/** Of the checkout, with a + when files were changed since. */
function commit(): string {
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...args], { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', '../src') === '' ? '' : '+'
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed}`
  } catch {
    return 'unknown'
  }
}

const isDirectory = (path: string): boolean =>
  path.endsWith('/') || (existsSync(path) && statSync(path).isDirectory())

export function writeReport(path: string, results: Readonly<Record<string, Result>>): void {
  const write = (file: string, some: Readonly<Record<string, Result>>) =>
    writeFileSync(file, `${JSON.stringify(reportOf(some), null, 2)}\n`)
  if (!isDirectory(path)) {
    write(path, results)
    return
  }
  mkdirSync(path, { recursive: true })
  for (const [name, result] of Object.entries(results)) write(join(path, `${name}.json`), { [name]: result })
}

const readFile = (path: string): Report => JSON.parse(readFileSync(path, 'utf8')) as Report

export const readReports = (path: string): readonly Report[] =>
  isDirectory(path)
    ? readdirSync(path)
        .filter(name => name.endsWith('.json'))
        .sort()
        .map(name => readFile(join(path, name)))
    : [readFile(path)]
