import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installPacked, type PackedProject, root } from './packed-project.ts'

let project: PackedProject
beforeAll(() => {
  project = installPacked()
}, 240_000)
afterAll(() => project?.[Symbol.dispose]())

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

test('npx millrace --version prints the version', () => {
  const { status, stdout, stderr } = project.run('npx', ['--no-install', 'millrace', '--version'])
  // npm may grumble about the machine's settings; the command itself must say nothing.
  expect(stderr.replace(/^npm (warn|notice).*\n/gm, '')).toBe('')
  expect(stdout.trim()).toBe(manifest.version)
  expect(status).toBe(0)
})

test('the tarball holds what a user needs and nothing of the workshop', () => {
  const paths = project.files.map(file => file.path)
  for (const needed of [
    'bin/millrace.js',
    'dist/index.js',
    'dist/index.d.ts',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
  ])
    expect(paths).toContain(needed)
  expect(paths).toContain('sql-examples/ip_count.sql')
  expect(paths.filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([])
  expect(paths.filter(path => /^(src|test|demo|bench|scripts|\.ci)\//.test(path))).toEqual([])
  expect(paths.filter(path => path.endsWith('.map') || path.endsWith('.tgz'))).toEqual([])
  expect(project.unpackedSize).toBeLessThan(6_000_000)
})

test('the bin starts from dist, where there is no src', () => {
  const { status, stdout } = project.run('npx', ['--no-install', 'millrace', 'run', '--help'])
  expect(status).toBe(0)
  expect(stdout).toContain('--state-dir')
})

/** Runs a module in the project and returns the package's own files it loaded, and whatever it printed as JSON. */
function loadedBy(code: string): { readonly files: readonly string[]; readonly printed: unknown } {
  const hooks = `import { registerHooks } from 'node:module'
const files = []
registerHooks({
  load(url, context, next) {
    files.push(url)
    return next(url, context)
  },
})
const printed = await (async () => { ${code} })()
console.log(JSON.stringify({ files, printed }))
`
  writeFileSync(join(project.folder, 'probe.mjs'), hooks)
  const { status, stdout, stderr } = project.run(process.execPath, ['probe.mjs'])
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return JSON.parse(stdout) as { files: string[]; printed: unknown }
}

test('the main entry gives Millrace and loads neither dev broker, test kit, CLI nor DuckDB', () => {
  const { files, printed } = loadedBy(`const { Millrace } = await import('millrace'); return typeof Millrace`)
  expect(printed).toBe('function')
  expect(files.some(url => url.endsWith('/millrace/dist/index.js'))).toBe(true)
  expect(files.filter(url => /\/millrace\/dist\/(dev-broker|testing|cli|server|ui)\//.test(url))).toEqual([])
  expect(files.filter(url => url.includes('/@duckdb/'))).toEqual([])
})

test('a job of the command line loads a few files of the bundle, and nothing that it does not need', () => {
  const hooks = `import { registerHooks } from 'node:module'
import { appendFileSync } from 'node:fs'
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync('loaded.txt', url + '\\n')
    return next(url, context)
  },
})
`
  writeFileSync(join(project.folder, 'hooks.mjs'), hooks)
  const sql = `CREATE TABLE n (id BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
CREATE TABLE s (id BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO s SELECT id + 1 FROM n WHERE id > 0;`
  writeFileSync(join(project.folder, 'job.sql'), sql)
  const bin = join('node_modules', 'millrace', 'bin', 'millrace.js')
  const args = ['--import', './hooks.mjs', bin, 'run', 'job.sql', '--log-level', 'error']
  const { status, stderr } = project.run(process.execPath, args)
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const loaded = readFileSync(join(project.folder, 'loaded.txt'), 'utf8').trim().split('\n')
  expect(loaded.some(url => url.endsWith('/millrace/dist/cli/main.js'))).toBe(true)
  expect(
    loaded.filter(url => /dev-broker|testing|duckdb|fastify|kafkajs|connection|table-s/.test(url)),
  ).toEqual([])
  expect(loaded.length).toBeLessThan(20)
})

const inThreads = `SET 'parallelism.default' = '2'; SET 'millrace.threads' = '2';
CREATE TABLE n (id BIGINT, k BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '1000',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000');`

test('worker threads find their module, from the bundle and from the library', () => {
  writeFileSync(
    join(project.folder, 'threads.sql'),
    `${inThreads} SELECT SUM(id) AS total FROM n /*+ OPTIONS('rows-per-second' = '100000') */;`,
  )
  const hook = `process.on('worker', () => console.error('a worker thread'))`
  writeFileSync(join(project.folder, 'workers.mjs'), hook)
  const bin = join('node_modules', 'millrace', 'bin', 'millrace.js')
  const args = ['--import', './workers.mjs', bin, 'run', 'threads.sql', '--log-level', 'error']
  const { stdout, stderr } = project.run(process.execPath, args)
  expect(stderr).toBe('a worker thread\na worker thread\n')
  expect(stdout).toContain('500500')
  const { printed } = loadedBy(`const { Millrace } = await import('millrace')
    let numWorkers = 0
    process.on('worker', () => { numWorkers++ })
    await using millrace = new Millrace()
    let total = 0
    millrace.createSink('taken', { columns: 'id BIGINT', onChange: ({ row }) => { total += Number(row.id) } })
    await millrace.execute(\`${inThreads} INSERT INTO taken SELECT id FROM n;\`).jobs[0].wait()
    return { total, numWorkers }`)
  expect(printed).toEqual({ total: 500_500, numWorkers: 2 })
})

test('millrace/testing loads, and brings the dev broker', () => {
  const { files, printed } = loadedBy(`return Object.keys(await import('millrace/testing'))`)
  expect(printed).toContain('startDevBroker')
  expect(files.some(url => url.includes('/millrace/dist/dev-broker/'))).toBe(true)
})

test('nothing else can be imported from the package', () => {
  const code = `return import('millrace/dist/session/session.js').then(() => 'loaded', error => error.code)`
  expect(loadedBy(code).printed).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED')
})

/** Compiles files of the project as a strict user would; returns what the compiler says. */
function compile(files: readonly string[]): string {
  const options = { strict: true, noEmit: true, module: 'nodenext', target: 'es2024', skipLibCheck: false }
  const types = {
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  }
  writeFileSync(
    join(project.folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, ...types }, files }),
  )
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status, stdout } = project.run(process.execPath, [compiler, '-p', 'tsconfig.json'])
  return status === 0 ? '' : stdout
}

test('the declarations compile in a strict project', () => {
  const code = `import { Millrace } from 'millrace'
import * as testing from 'millrace/testing'
export const engine: Millrace = new Millrace()
export const start: typeof testing.startDevBroker = testing.startDevBroker
// @ts-expect-error the constructor takes options, not a number
export const wrong = new Millrace(1)
`
  writeFileSync(join(project.folder, 'consumer.ts'), code)
  expect(compile(['consumer.ts'])).toBe('')
})

test('the TypeScript of the documents compiles', () => {
  const blocks = ['README.md', 'docs/library.md'].flatMap(document =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
      match => match[1]!,
    ),
  )
  expect(blocks.length).toBeGreaterThanOrEqual(4)
  const files = blocks.map((block, i) => {
    writeFileSync(join(project.folder, `block-${i}.ts`), block)
    return `block-${i}.ts`
  })
  expect(compile(files)).toBe('')
})
