/**
 * Runs every `test/sql/<feature>/*.sql` (format: support/sql-file.ts) in every variant and compares with the file,
 * and with DuckDB where the case says so. UPDATE_GOLDENS=1 writes the results into the files: read the diff.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { MillraceError } from '../../src/errors/index.ts'
import { asOracleRows, duckdbRows } from './support/duckdb-case.ts'
import { type CaseResult, finalRows, printChangelog, printFinal, runCase } from './support/run-case.ts'
import { parseSqlFile, printSqlFile, type SqlCase, type SqlFile } from './support/sql-file.ts'
import { extraVariants, type Variant, variants } from './support/variants.ts'

const update = process.env['UPDATE_GOLDENS'] === '1'
const [plain, ...others] = [...variants, ...extraVariants]
let numCrashRuns = 0
let numCrashed = 0

const variantsOf = (sqlCase: SqlCase): readonly Variant[] =>
  sqlCase.variants === null
    ? [...variants, ...extraVariants]
    : variants.filter(({ name }) => sqlCase.variants!.includes(name))

async function checkError(file: SqlFile, sqlCase: SqlCase): Promise<SqlCase> {
  const error: unknown = await runCase(file, sqlCase, plain!).then(
    () => null,
    caught => caught,
  )
  if (!(error instanceof MillraceError)) throw error ?? new Error('the query was not refused')
  if (!update) expect(error.code).toBe(sqlCase.error)
  return { ...sqlCase, error: error.code }
}

/** The plain run decides what is written to the file; every other must agree with it. */
function measured(sqlCase: SqlCase, result: CaseResult): SqlCase {
  const sinks = sqlCase.expected.length > 0 ? sqlCase.expected : [{ kind: 'expect' as const, sink: 'result' }]
  return {
    ...sqlCase,
    late: sqlCase.late === null && result.late === 0 ? null : result.late,
    expected: sinks.map(({ kind, sink }) => ({
      kind,
      sink,
      rows: kind === 'changelog' ? printChangelog(result, sink) : printFinal(result, sink),
    })),
  }
}

async function checkCase(
  file: SqlFile,
  sqlCase: SqlCase,
  isOpen: (variant: Variant) => boolean,
): Promise<SqlCase> {
  if (sqlCase.error !== null) return checkError(file, sqlCase)
  const result = await runCase(file, sqlCase, plain!)
  const actual = measured(sqlCase, result)
  if (!update) {
    expect(actual.expected).toEqual(sqlCase.expected)
    expect(actual.late, 'rows dropped as late').toBe(sqlCase.late)
  }
  if (sqlCase.duckdb !== null) {
    const { sink } = actual.expected[0]!
    expect(asOracleRows(finalRows(result, sink)), 'DuckDB').toEqual(
      await duckdbRows(file, sqlCase, result.session),
    )
  }
  const chosen = others.filter(other => variantsOf(sqlCase).includes(other) && !isOpen(other))
  const runs = await Promise.all(chosen.map(variant => runCase(file, sqlCase, variant)))
  for (const [i, other] of runs.entries()) {
    if (chosen[i]!.chaosSeed !== undefined) {
      numCrashRuns++
      if (other.numFailures > 0) numCrashed++
    }
    for (const { sink } of actual.expected)
      expect(printFinal(other, sink), `${chosen[i]!.name}: ${sink}`).toEqual(printFinal(result, sink))
  }
  return actual
}

for (const path of globSync('*/*.sql', { cwd: import.meta.dirname }).toSorted()) {
  const full = `${import.meta.dirname}/${path}`
  const file = parseSqlFile(readFileSync(full, 'utf8'))
  // Between threads it is a matter of time which rows come behind a watermark, and so which are late.
  const isOpen = ({ threads = 0 }: Variant) => threads > 0 && path.startsWith('late/')
  describe(path, () => {
    const results = new Map<string, SqlCase>()
    test.each(file.cases)('$name', async sqlCase => {
      results.set(sqlCase.name, await checkCase(file, sqlCase, isOpen))
    })
    afterAll(() => {
      if (!update) return
      const cases = file.cases.map(sqlCase => results.get(sqlCase.name) ?? sqlCase)
      writeFileSync(full, printSqlFile(file, cases))
    })
  })
}

test('many runs with crashes did crash', () => {
  expect(numCrashRuns).toBeGreaterThan(100)
  expect(numCrashed).toBeGreaterThan(numCrashRuns / 3)
})

test('a file is printed as it is written', () => {
  for (const path of globSync('*/*.sql', { cwd: import.meta.dirname })) {
    const text = readFileSync(`${import.meta.dirname}/${path}`, 'utf8')
    const file = parseSqlFile(text)
    expect(printSqlFile(file, file.cases)).toBe(text)
  }
})
