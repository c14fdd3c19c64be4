/** `npm run build`: compiles src to dist (JavaScript with `.js` imports, and declarations) from scratch. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const entries = ['index', 'testing/index', 'cli/main']

rmSync(join(root, 'dist'), { recursive: true, force: true })
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const { status, error } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (error !== undefined) throw error
const missing = entries
  .flatMap(entry => [`dist/${entry}.js`, `dist/${entry}.d.ts`])
  .filter(path => !existsSync(join(root, path)))
for (const path of missing) console.error(`build: ${path} was not made`)
process.exitCode = status === 0 && missing.length === 0 ? 0 : 1
