/**
 * The SQL parser on statements that were damaged, spliced and nested: either statements, whose print is read as the
 * same text again, or a ParseError that points into the text. Never a stack that overflows, never a text that takes
 * long.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MillraceError } from '../../src/errors/index.ts'
import { parseScript, printStatement, substituteParams } from '../../src/parser/index.ts'
import type { Random } from '../../test/support/random.ts'
import { mutate } from '../mutate.ts'
import { type Case, Finding, type Target } from '../target.ts'

const root = join(import.meta.dirname, '..', '..')

function* sqlFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sqlFiles(path)
    else if (entry.name.endsWith('.sql')) yield readFileSync(path, 'utf8')
  }
}

let statements: readonly string[] = []
let pieces: readonly string[] = []

function readCorpus(): void {
  const texts = ['sql-examples', 'test/sql', 'test/plan'].flatMap(folder => [...sqlFiles(join(root, folder))])
  statements = texts.flatMap(text => text.split(/;\s*\n/)).filter(text => text.trim() !== '')
  pieces = [...new Set(statements.flatMap(text => text.match(tokenPattern) ?? []))]
}

const tokenPattern = /\s+|[\p{L}_][\p{L}\p{N}_]*|'(?:[^'\n]|'')*'|\d+(?:\.\d+)?|./gu

const brackets = [
  ['(', ')'],
  ['ARRAY[', ']'],
  ['f(', ')'],
  ['CASE WHEN ', ' THEN 1 END'],
  ['NOT ', ''],
  ['- ', ''],
  ['(SELECT ', ')'],
  ['CAST(', ' AS INT)'],
  ['a IN (', ')'],
  ['a[', ']'],
  ["JSON_OBJECT('a' VALUE ", ')'],
] as const
const joints = [
  ' OR ',
  ' AND ',
  ' + ',
  ' || ',
  '.',
  ', ',
  ' IS NULL ',
  ' UNION ALL SELECT ',
  '[1]',
  ' BETWEEN 1 AND ',
]

/** A statement of thousands of levels or terms. */
function longText(random: Random): string {
  const times = random.pick([10, 300, 3000, 20_000])
  if (random.chance(0.5)) {
    const [open, close] = random.pick(brackets)
    return `SELECT ${open.repeat(times)}1${close.repeat(random.chance(0.7) ? times : times - 1)}`
  }
  if (random.chance(0.2))
    return `SET a = ${random.pick(['x ', ' ', "''", "'a' ", 'password'])}${' '.repeat(times)}y`
  return `SELECT a${`${random.pick(joints)}a`.repeat(times)}`
}

/** Tokens of the corpus dropped, doubled, swapped for others. */
function otherTokens(text: string, random: Random): string {
  const tokens: string[] = text.match(tokenPattern) ?? []
  for (let i = 1 + random.below(4); i > 0; i--) {
    const at = random.below(tokens.length + 1)
    const removed = random.below(3)
    const added = Array.from({ length: random.below(3) }, () => random.pick(pieces))
    tokens.splice(at, removed, ...added)
  }
  return tokens.join('')
}

function generate(random: Random): Case {
  const text = random.pick(statements)
  const kind = random.below(20)
  if (kind === 0) return caseOf(longText(random))
  if (kind < 12) return caseOf(otherTokens(text, random))
  if (kind < 15) return { setup: null, parts: [mutate(new Uint8Array(Buffer.from(text)), random)] }
  const other = random.pick(statements)
  return caseOf(text.slice(0, random.below(text.length)) + other.slice(random.below(other.length)))
}

const caseOf = (text: string): Case => ({ setup: null, parts: [new Uint8Array(Buffer.from(text))] })

function printed(text: string): string {
  const parsed = parseScript({ text, name: 'fuzz' })
  return parsed.map(statement => `${printStatement(statement)};\n`).join('')
}

function check(input: Case): void {
  const text = Buffer.from(input.parts[0]!).toString('utf8')
  try {
    const { source } = substituteParams({ text, name: 'fuzz' }, name => (name === 'NONE' ? undefined : 'x'))
    const once = printed(source.text)
    const twice = printed(once)
    if (twice !== once) throw new Finding(`printed differently the second time:\n${once}\n${twice}`)
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    checkError(error)
  }
}

function checkError(error: MillraceError): void {
  const { position, source } = error.details
  if (error.family !== 'parse' || position === undefined || source === undefined)
    throw new Finding(`not a ParseError with a position: ${error.render()}`)
  const lines = source.text.split(/\r\n|\n|\r/)
  const line = lines[position.line - 1]
  const isInside =
    position.offset >= 0 &&
    position.offset <= source.text.length &&
    line !== undefined &&
    position.length >= 1
  if (!isInside || position.column < 1 || position.column > line.length + 1)
    throw new Finding(`position outside of the text: ${JSON.stringify(position)}`)
  if (!error.render().includes('^')) throw new Finding(`no caret: ${error.render()}`)
}

export const sql: Target = {
  name: 'sql',
  doc: 'SQL parser: a ParseError inside the text, or statements whose print is stable',
  maxMs: 5000,
  numUnitCases: 150,
  prepare() {
    if (statements.length === 0) readCorpus()
    return Promise.resolve()
  },
  generate,
  check,
}
