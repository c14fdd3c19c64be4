/** Under a Node that is too old the command says so in one line. A real old Node is used where the machine has one. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from './packed-project.ts'

const bin = join(root, 'bin', 'millrace.js')
const folder = mkdtempSync(join(tmpdir(), 'millrace-old-node-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const oneLine = /^millrace needs Node\.js 22\.18 or newer, but this is v[\d.]+ \(.+\)\n$/

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major < 22 || (major === 22 && minor < 18)
}

const candidates = [
  ...(process.env['PATH'] ?? '').split(':').map(entry => join(entry, 'node')),
  '/usr/bin/node',
  '/usr/local/bin/node',
]
const oldNode = candidates.find(path => {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return status === 0 && isTooOld(stdout.trim())
})

/** This Node, saying it is v20. */
function pretending(): readonly string[] {
  const shim = join(folder, 'pretend.cjs')
  writeFileSync(
    shim,
    `Object.defineProperty(process, 'version', { value: 'v20.11.1' })
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.1' } })
`,
  )
  return [process.execPath, '-r', shim]
}

const nodes: readonly (readonly string[])[] = [pretending(), ...(oldNode === undefined ? [] : [[oldNode]])]

test.each(nodes)('%s: one clear line, exit code 2, nothing on stdout', (command, ...args) => {
  const { status, stdout, stderr } = spawnSync(command!, [...args, bin, 'run', 'x.sql'], { encoding: 'utf8' })
  expect(stderr).toMatch(oneLine)
  expect(stdout).toBe('')
  expect(status).toBe(2)
})

test('every Node that is new enough passes the check', () => {
  const shim = join(folder, 'newest.cjs')
  writeFileSync(
    shim,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.18.0' } })\n`,
  )
  const { stderr } = spawnSync(process.execPath, ['-r', shim, bin, '--version'], { encoding: 'utf8' })
  expect(stderr).not.toMatch(/needs Node/)
})
