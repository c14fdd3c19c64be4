/**
 * The format of SQL tests: one `.sql` file that a reader, an editor and a diff can take as SQL, with data in comments.
 *
 *     -- What the file is about.
 *     CREATE TABLE clicks (ts TIMESTAMP(3), ip STRING, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND);
 *
 *     -- input clicks
 *     -- ["2025-01-01 00:00:01", "a"]          one value per physical or metadata column
 *     -- -U ["2025-01-01 00:00:01", "a"]       a change that is no insert
 *     -- watermark 2025-01-01 00:00:10         after the rows before it
 *     -- clock 2025-01-01 00:00:10             processing time, from here on
 *     -- split 1                               the lines below belong to this split
 *
 *     -- query name
 *     -- duckdb same                           or the DuckDB query that must give the same rows
 *     -- only plain tiny                       the variants it runs in; absent = all
 *     SELECT …;
 *     -- expect                                or `expect sink_table`, or `changelog`: every change in order
 *     -- ["a", 1]
 *     -- late 3                                rows dropped as late
 *
 * `-- error MR_CODE` stands in place of `expect` where the query must fail.
 */
import type { RowKind } from '../../../src/types/index.ts'
import type { PlacedElement, ScriptElement, ScriptTable } from '../../support/script/script-world.ts'

export interface Expectation {
  readonly kind: 'expect' | 'changelog'
  readonly sink: string
  readonly rows: readonly string[]
}

export interface SqlCase {
  readonly name: string
  readonly sql: string
  /** Lines of the head and the SQL as written. */
  readonly written: readonly string[]
  /** null = no oracle; `same` = the case's own text. */
  readonly duckdb: string | null
  readonly variants: readonly string[] | null
  readonly expected: readonly Expectation[]
  readonly error: string | null
  readonly late: number | null
}

export interface SqlFile {
  readonly setup: string
  readonly inputs: ReadonlyMap<string, ScriptTable>
  /** Everything before the first case, as written. */
  readonly head: readonly string[]
  readonly cases: readonly SqlCase[]
}

/** JSON with whole numbers beyond 2^53 as bigint. */
export const parseValues = (text: string): readonly unknown[] =>
  JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) =>
    /^-?\d{16,}$/.test(context?.source ?? '') ? BigInt(context!.source!) : value,
  ) as readonly unknown[]

const epochMs = (text: string): number => Date.parse(`${text.trim().replace(' ', 'T')}Z`)

function parseElement(text: string): ScriptElement {
  const word = /^(watermark|clock) (.*)$/.exec(text)
  if (word !== null) {
    const at = epochMs(word[2]!)
    if (Number.isNaN(at)) throw new Error(`no time: ${text}`)
    return word[1] === 'clock' ? { clock: at } : { watermark: at }
  }
  const row = /^(?:(\+I|-U|\+U|-D) )?(\[.*\])$/.exec(text)
  if (row === null) throw new Error(`neither a row nor a command: ${text}`)
  return { kind: (row[1] ?? '+I') as RowKind, values: parseValues(row[2]!) }
}

function parseInput(lines: readonly string[]): ScriptTable {
  const splits: PlacedElement[][] = [[]]
  let split = 0
  let at = 0
  for (const line of lines) {
    const change = /^split (\d+)$/.exec(line)
    if (change === null) splits[split]!.push({ at: at++, element: parseElement(line) })
    else {
      split = Number(change[1])
      while (splits.length <= split) splits.push([])
      at++
    }
  }
  return { splits }
}

const comment = (line: string): string | null => (/^--( |$)/.test(line) ? line.slice(3).trim() : null)

/** Lines of comments directly below line `at`, without their dashes. */
function block(lines: readonly string[], at: number): string[] {
  const found: string[] = []
  for (let i = at + 1; i < lines.length; i++) {
    const text = comment(lines[i]!)
    if (text === null || !/^(\[|[-+][UID] \[|watermark |clock |split )/.test(text)) break
    found.push(text)
  }
  return found
}

function parseHead(head: readonly string[]): Pick<SqlFile, 'setup' | 'inputs'> {
  const inputs = new Map<string, ScriptTable>()
  head.forEach((line, i) => {
    const input = /^input (\w+)$/.exec(comment(line) ?? '')
    if (input !== null) inputs.set(input[1]!, parseInput(block(head, i)))
  })
  return { inputs, setup: head.filter(line => comment(line) === null).join('\n') }
}

function parseCase(lines: readonly string[]): SqlCase {
  const isResult = (line: string) => /^(expect|changelog|error|late)( |$)/.test(comment(line) ?? '')
  const end = lines.findIndex(isResult)
  const written = lines.slice(0, end < 0 ? undefined : end)
  const words = (name: string): string | null => {
    const found = written.map(line => comment(line)).filter(text => text?.startsWith(`${name} `) === true)
    return found.length === 0 ? null : found.map(text => text!.slice(name.length + 1)).join('\n')
  }
  const expected: Expectation[] = []
  let error: string | null = null
  let late: number | null = null
  lines.forEach((line, i) => {
    const [word, argument] = (comment(line) ?? '').split(' ')
    if (!isResult(line)) return
    if (word === 'error') error = argument!
    else if (word === 'late') late = Number(argument)
    else
      expected.push({ kind: word as Expectation['kind'], sink: argument ?? 'result', rows: block(lines, i) })
  })
  return {
    name: words('query')!,
    sql: written.filter(line => comment(line) === null).join('\n'),
    written: written.join('\n').trimEnd().split('\n'),
    duckdb: words('duckdb'),
    variants: words('only')?.split(' ') ?? null,
    expected,
    error,
    late,
  }
}

export function parseSqlFile(text: string): SqlFile {
  const lines = text.trimEnd().split('\n')
  const starts = lines.flatMap((line, i) => (/^query /.test(comment(line) ?? '') ? [i] : []))
  const head = lines.slice(0, starts[0])
  const cases = starts.map((start, i) => parseCase(lines.slice(start, starts[i + 1])))
  return { head, ...parseHead(head), cases }
}

/** The file with other results, for UPDATE_GOLDENS=1. */
export function printSqlFile(file: SqlFile, cases: readonly SqlCase[]): string {
  const parts = cases.map(({ written, expected, error, late }) =>
    [
      ...written,
      ...(error === null ? [] : [`-- error ${error}`]),
      ...expected.flatMap(({ kind, sink, rows }) => [
        `-- ${kind}${sink === 'result' ? '' : ` ${sink}`}`,
        ...rows.map(row => `-- ${row}`),
      ]),
      ...(late === null ? [] : [`-- late ${late}`]),
    ].join('\n'),
  )
  return `${file.head.join('\n').trimEnd()}\n\n${parts.join('\n\n')}\n`
}
