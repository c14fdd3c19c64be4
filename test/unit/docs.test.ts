/** The documents name files and error codes that exist, and every error code there is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { renderPerformance } from '../../bench/performance/page.ts'
import { Results } from '../../bench/performance/results.ts'
import { layers } from '../../scripts/check-layers.ts'
import { renderConfiguration, renderConnectors } from '../../scripts/option-docs.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name)),
]

const pathPattern =
  /`(?:node |bash )?((?:src|test|bench|scripts|demo|docs|bin|sql-examples|\.ci)\/[^`\s]*)[^`]*`/g

/** A path up to its first placeholder: `src/functions/scalar/<theme>/x.ts` must have `src/functions/scalar`. */
function checkable(path: string): string {
  const placeholder = path.search(/[<*{]/)
  return placeholder < 0 ? path : dirname(`${path.slice(0, placeholder)}x`)
}

test.each(documents)('%s names files that exist', document => {
  const paths = [...read(document).matchAll(pathPattern)].map(match => checkable(match[1]!))
  expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([])
})

test.each(documents)('%s links to files that exist', document => {
  const links = [...read(document).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(match => match[1]!)
  const local = links.filter(link => !/^[a-z]+:/.test(link))
  expect(local.filter(link => !existsSync(join(root, dirname(document), link)))).toEqual([])
})

test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s names many files', document => {
  expect([...read(document).matchAll(pathPattern)].length).toBeGreaterThan(15)
})

test('the import rule in ARCHITECTURE.md is the one that is checked', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| `([\w-]+)` \| ([^|]*) \|$/gm)]
  const documented = Object.fromEntries(
    rows.map(([, folder, list]) => [
      folder!,
      [...list!.matchAll(/`([^`]+)`/g)].map(match => match[1]!).sort(),
    ]),
  )
  const checked = Object.fromEntries(
    Object.entries(layers).map(([folder, allowed]) => [folder, [...allowed].sort()]),
  )
  expect(documented).toEqual(checked)
})

const codesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(match => match[1]!)

function sourceCodes(): string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  const codes = files
    .filter(name => name.endsWith('.ts'))
    .flatMap(name => codesIn(readFileSync(join(root, 'src', name), 'utf8'), /['"](MR_[A-Z0-9_]+)['"]/g))
  return [...new Set(codes)].sort()
}

test('docs/errors.md has every error code, and no other (npm run docs)', () => {
  const documented = new Set(codesIn(read('docs/errors.md'), /^\| `(MR_[A-Z0-9_]+)` \|/gm))
  const thrown = sourceCodes()
  expect({
    missing: thrown.filter(code => !documented.has(code)),
    gone: [...documented].filter(code => !thrown.includes(code)),
  }).toEqual({ missing: [], gone: [] })
})

test('every code has an area and a case', () => {
  expect(sourceCodes().filter(code => !/^MR_[A-Z]+(_[A-Z0-9]+)*$/.test(code))).toEqual([])
})

const keysIn = (path: string): string[] => codesIn(read(path), /^\| `([^`]+)` \|/gm)

test('docs/configuration.md has every setting (npm run docs)', () => {
  expect(keysIn('docs/configuration.md')).toEqual(codesIn(renderConfiguration(), /^\| `([^`]+)` \|/gm))
})

test('docs/connectors.md has every option (npm run docs)', () => {
  expect(keysIn('docs/connectors.md')).toEqual(codesIn(renderConnectors(), /^\| `([^`]+)` \|/gm))
})

test('docs/performance.md and its charts are made of bench/results (npm run performance)', () => {
  const made = renderPerformance(Results.read())
  const charts = readdirSync(join(root, 'docs', 'performance')).map(name => `performance/${name}`)
  expect(charts.sort()).toEqual(
    Object.keys(made)
      .filter(path => path.endsWith('.svg'))
      .sort(),
  )
  for (const [path, text] of Object.entries(made)) expect(read(join('docs', path)), path).toBe(text)
})
