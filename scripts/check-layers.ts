/**
 * The import rule (ARCHITECTURE.md): a folder of src imports only the folders its row names, and each
 * third-party package stays inside the folders named for it. Exits 1 with one line per breach.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const everyone = ['errors', 'logger', 'metrics', 'version', 'failpoints']
const core = ['types', 'parser', 'catalog', 'functions', 'expressions']

export const layers: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  logger: [],
  version: [],
  metrics: [],
  failpoints: [],
  types: [],
  wasm: ['types'],
  parser: [],
  catalog: ['types'],
  functions: ['types'],
  expressions: ['types', 'functions'],
  planner: core,
  state: ['types', 'wasm'],
  checkpoint: ['types', 'state', 'connectors/contract'],
  formats: ['types', 'wasm', 'catalog'],
  connectors: ['types', 'wasm', 'catalog', 'formats'],
  runtime: [...core, 'wasm', 'planner', 'state', 'checkpoint', 'formats', 'connectors/contract'],
  session: [...core, 'planner', 'state', 'checkpoint', 'formats', 'connectors', 'runtime'],
  cli: [
    ...core,
    'planner',
    'state',
    'checkpoint',
    'formats',
    'connectors',
    'runtime',
    'session',
    'index',
    'dev-broker',
  ],
  'dev-broker': [],
  testing: [
    ...core,
    'planner',
    'state',
    'checkpoint',
    'formats',
    'connectors',
    'runtime',
    'session',
    'index',
    'dev-broker',
  ],
  index: [...core, 'planner', 'state', 'checkpoint', 'formats', 'connectors', 'runtime', 'session'],
}

export const packages: Readonly<Record<string, readonly string[]>> = {
  chevrotain: ['parser'],
  kafkajs: ['connectors/kafka'],
  '@duckdb/node-api': ['connectors/filesystem', 'connectors/duckdb'],
  '@node-rs/crc32': ['connectors/kafka'],
  snappyjs: ['connectors/kafka'],
  'lz4-napi': ['connectors/kafka'],
  commander: ['cli'],
  picocolors: ['cli'],
  'log-update': ['cli'],
  pino: ['cli'],
  fastify: ['server'],
}

const root = resolve(import.meta.dirname, '..', 'src')

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sourceFiles(path)
    else if (entry.name.endsWith('.ts')) yield path
  }
}

const folderOf = (path: string) => relative(root, path).split('/')[0]!.replace(/\.ts$/, '')
const isUnder = (path: string, prefix: string) =>
  path === prefix || path.startsWith(`${prefix}/`) || path === `${prefix}.ts`

function breachOf(file: string, specifier: string): string | undefined {
  const from = folderOf(file)
  const here = relative(root, file)
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(dirname(file), specifier))
    const to = folderOf(join(root, target))
    if (to === from || everyone.includes(to)) return undefined
    const allowed = layers[from]
    if (allowed === undefined) return `${here}: folder '${from}' has no row in scripts/check-layers.ts`
    if (!allowed.some(prefix => isUnder(target, prefix)))
      return `${here}: '${from}' may not import '${target}'`
    return undefined
  }
  if (specifier.startsWith('node:')) return undefined
  const name = specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : specifier.split('/')[0]!
  const homes = packages[name]
  if (homes === undefined) return `${here}: package '${name}' has no home in scripts/check-layers.ts`
  if (!homes.some(home => isUnder(here, home)))
    return `${here}: package '${name}' belongs in src/${homes.join(', src/')}`
  return undefined
}

const importPattern = /(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm
const breaches: string[] = []
let numFiles = 0
for (const file of sourceFiles(root)) {
  if (file.endsWith('.d.ts')) continue
  numFiles++
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  for (const match of text.matchAll(importPattern)) {
    const breach = breachOf(file, match[1]!)
    if (breach !== undefined) breaches.push(breach)
  }
}
for (const breach of breaches) console.error(breach)
console.log(`import rule: ${numFiles} files, ${breaches.length} breaches`)
if (breaches.length > 0) process.exitCode = 1
