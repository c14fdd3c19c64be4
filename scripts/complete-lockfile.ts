/**
 * Adds to package-lock.json the platform packages that npm left out: an optional dependency that the registry of the
 * machine that ran `npm install` does not serve is dropped from the lock, and then `npm ci` refuses the lock
 * everywhere. What is added has a version but no checksum, because nothing of it could be seen.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface LockEntry {
  version: string
  dev?: boolean
  optional?: boolean
  cpu?: string[]
  os?: string[]
  libc?: string[]
  license?: string
  optionalDependencies?: Record<string, string>
}

const path = join(import.meta.dirname, '..', 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockEntry> }

/** `…-linux-arm64-musl` → os, cpu and libc as npm writes them. */
function platformOf(name: string): Pick<LockEntry, 'cpu' | 'libc' | 'os'> | undefined {
  const match = /-(android|darwin|linux|win32)-(arm64|x64)(?:-(musl|gnu))?$/.exec(name)
  if (match === null) return undefined
  const [, os, cpu, libc] = match
  return {
    cpu: [cpu!],
    ...(os === 'linux' ? { libc: [libc === 'musl' ? 'musl' : 'glibc'] } : {}),
    os: [os!],
  }
}

const isLocked = (name: string, from: string): boolean =>
  `${from}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages

let numAdded = 0
for (const [from, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const platform = platformOf(name)
    if (platform === undefined || isLocked(name, from)) continue
    const shared = { ...(entry.dev ? { dev: true } : {}), optional: true, ...platform }
    lock.packages[`node_modules/${name}`] = { version, ...shared }
    numAdded++
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync(path, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`)
console.log(`package-lock.json: ${numAdded} platform packages added`)
