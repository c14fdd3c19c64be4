/** The package as npm would install it: a build in a folder of its own, for benchmarks of what a user starts. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
let built: string | null = null

/** The script a user's `millrace` runs. Made once; gone when this process ends. */
export function builtMillrace(): string {
  built ??= build()
  return join(built, 'bin', 'millrace.js')
}

function build(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-package-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const script = join(root, 'scripts', 'build.ts')
  const { status } = spawnSync(process.execPath, [script, join(folder, 'dist')], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed')
  for (const name of ['bin', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}
