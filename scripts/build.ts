/**
 * `npm run build`: compiles src to dist (JavaScript with `.js` imports, and declarations) from scratch, then replaces the
 * command line's modules by a bundle with most of what they import: a start reads a dozen files instead of six hundred,
 * in half the time and 15 MB less. The library stays as it is. `node scripts/build.ts [FOLDER]` builds elsewhere.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const dist = resolve(process.argv[2] ?? join(root, 'dist'))
const cli = join(dist, 'cli')

/** Loaded only by those who need them, or with native parts. */
const external = /^(@duckdb|@node-rs|fastify|log-update|lz4-napi|pino|snappyjs)(\/|$)/

rmSync(dist, { recursive: true, force: true })
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const { status, error } = spawnSync(
  process.execPath,
  [compiler, '-p', 'tsconfig.build.json', '--outDir', dist],
  { cwd: root, stdio: 'inherit' },
)
if (error !== undefined) throw error
if (status === 0) await bundleCli()
const missing = ['index.js', 'index.d.ts', 'testing/index.js', 'testing/index.d.ts', 'cli/main.js'].filter(
  path => !existsSync(join(dist, path)),
)
for (const path of missing) console.error(`build: ${path} was not made`)
process.exitCode = status === 0 && missing.length === 0 ? 0 : 1

async function bundleCli(): Promise<void> {
  const bundle = await rolldown({
    input: { main: join(cli, 'main.js') },
    platform: 'node',
    external: id => external.test(id),
    resolve: { modules: [join(root, 'node_modules')] },
    onLog(_level, log) {
      throw new Error(`build: ${log.message}`)
    },
    plugins: [{ name: 'own places', transform: keepPlace }],
  })
  const folder = join(dist, '.bundle')
  await bundle.write({
    dir: folder,
    format: 'esm',
    chunkFileNames: '[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  })
  await bundle.close()
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    writeFileSync(file, asciiOnly(readFileSync(file, 'utf8')))
  }
  rmSync(cli, { recursive: true })
  renameSync(folder, cli)
}

/** What a module finds beside itself it must also find from within the bundle. */
function keepPlace(code: string, id: string): string | null {
  if (!id.startsWith(dist) || !code.includes('import.meta.url')) return null
  const place = relative(cli, id).split(sep).join('/')
  const fromBundle = JSON.stringify(place.startsWith('.') ? place : `./${place}`)
  return code.replaceAll('import.meta.url', `new URL(${fromBundle}, import.meta.url).href`)
}

/** V8 keeps a source with one character beyond Latin-1 in twice the memory. Ours stand in strings and comments only. */
function asciiOnly(code: string): string {
  return code.replaceAll(/[^\0-\x7f]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
