import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src/logger/logger.ts'
import { builtInConnectors, builtInFormats } from '../../../src/session/built-ins.ts'
import { Session } from '../../../src/session/session.ts'
import type { StatementResult } from '../../../src/session/statement-result.ts'

const open = (params: Record<string, string> = {}) =>
  new Session({
    logger: silentLogger,
    findConnector: builtInConnectors,
    findFormat: builtInFormats,
    findParam: name => params[name],
  })

const run = (session: Session, sql: string) => session.execute({ text: sql, name: 'test.sql' }, 'test')
const rowsOf = (results: readonly StatementResult[]) =>
  results.flatMap(result => (result.kind === 'table' ? result.rows : []))
const tables =
  "CREATE TABLE a (id INT, name STRING) WITH ('connector' = 'blackhole'); CREATE TABLE b (id INT) WITH ('connector' = 'datagen');"

describe('statements', () => {
  it('SHOW, DESCRIBE and SHOW CREATE tell of tables and views, secrets left out', () => {
    const session = open()
    run(session, tables)
    run(
      session,
      "CREATE TABLE k (id INT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'x:1', 'format' = 'json', 'properties.sasl.jaas.config' = 'password=hunter2')",
    )
    run(session, 'CREATE VIEW v AS SELECT id FROM b')
    expect(rowsOf(run(session, 'SHOW TABLES')).flat()).toEqual(['a', 'b', 'k', 'v'])
    expect(rowsOf(run(session, "SHOW TABLES LIKE 'a%'")).flat()).toEqual(['a'])
    expect(rowsOf(run(session, 'SHOW VIEWS')).flat()).toEqual(['v'])
    expect(rowsOf(run(session, 'DESCRIBE a'))).toEqual([
      ['id', 'INT', 'TRUE', null, null, null],
      ['name', 'STRING', 'TRUE', null, null, null],
    ])
    expect(rowsOf(run(session, 'SHOW CREATE TABLE k')).flat().join()).not.toContain('hunter2')
    expect(rowsOf(run(session, 'SHOW CREATE VIEW v')).flat().join()).toContain('SELECT id FROM b')
  })

  it('ALTER TABLE changes, RENAME moves, CREATE TABLE AS makes a table and a job', () => {
    const session = open()
    run(session, tables)
    run(session, "ALTER TABLE b SET ('number-of-rows' = '7')")
    expect(rowsOf(run(session, 'SHOW CREATE TABLE b')).flat().join()).toContain("'number-of-rows' = '7'")
    run(session, 'ALTER TABLE a RENAME TO c')
    expect(rowsOf(run(session, 'SHOW TABLES')).flat()).toEqual(['b', 'c'])
    const results = run(
      session,
      "CREATE TABLE d WITH ('connector' = 'blackhole') AS SELECT id * 2 AS twice FROM b",
    )
    expect(results.map(({ kind }) => kind)).toEqual(['job'])
    expect(rowsOf(run(session, 'DESCRIBE d'))[0]!.slice(0, 2)).toEqual(['twice', 'INT'])
  })

  it('DROP, IF EXISTS, databases and USE', () => {
    const session = open()
    run(session, tables)
    run(session, 'DROP TABLE a; DROP TABLE IF EXISTS a; CREATE DATABASE other; USE other')
    expect(rowsOf(run(session, 'SHOW TABLES'))).toEqual([])
    expect(rowsOf(run(session, 'SHOW CURRENT DATABASE')).flat()).toEqual(['other'])
    expect(() => run(session, 'DROP DATABASE other')).toThrow(
      expect.objectContaining({ code: 'MR_CATALOG_IN_USE' }),
    )
    expect(() => run(session, 'DROP TABLE nowhere')).toThrow(
      expect.objectContaining({ code: 'MR_CATALOG_UNKNOWN_TABLE' }),
    )
  })

  it('SET lists what was set, refuses what it does not know, and RESET takes it back', () => {
    const session = open()
    run(session, "SET 'parallelism.default' = '3'")
    expect(rowsOf(run(session, 'SET'))).toEqual([['parallelism.default', '3']])
    run(session, "RESET 'parallelism.default'")
    expect(rowsOf(run(session, 'SET'))).toEqual([])
    expect(() => run(session, "SET 'paralelism.default' = '3'")).toThrow(
      expect.objectContaining({
        code: 'MR_CONFIG_UNKNOWN_KEY',
        details: expect.objectContaining({ nearest: 'parallelism.default' }),
      }),
    )
  })

  it('a job keeps the settings in force where its INSERT stood', () => {
    const session = open()
    const results = run(
      session,
      `${tables} SET 'parallelism.default' = '2'; INSERT INTO a SELECT id, 'x' FROM b; SET 'parallelism.default' = '4'`,
    )
    const job = results.find(result => result.kind === 'job')
    expect(job?.kind === 'job' && job.job.config.integer('parallelism.default')).toBe(2)
  })

  it('jobs of a script have names of their own', () => {
    const session = open()
    const results = run(
      session,
      `${tables} SET 'pipeline.name' = 'p'; INSERT INTO a SELECT id, 'x' FROM b; INSERT INTO a SELECT id, 'y' FROM b; RESET 'pipeline.name'; INSERT INTO a SELECT id, 'z' FROM b`,
    )
    expect(results.flatMap(result => (result.kind === 'job' ? [result.job.name] : []))).toEqual([
      'p',
      'p.a',
      'test.a',
    ])
  })

  it('errors show the parameter, never its value', () => {
    const session = open({ TABLE: 'secret_name' })
    const error = (() => {
      try {
        run(session, `SELECT * FROM \${TABLE}`)
        return ''
      } catch (thrown) {
        return (thrown as { render(): string }).render()
      }
    })()
    expect(error).toContain(`SELECT * FROM \${TABLE}`)
    expect(error).toContain('test.sql:1:15')
  })
})

it('an expression that overflows the planner is an error of the statement, at its place', () => {
  const session = open()
  run(session, tables)
  let expression = 'id'
  for (let level = 0; level < 40; level++) expression = `(${expression}${' + id'.repeat(900)})`
  const error = { code: 'MR_PLAN_TOO_DEEP', family: 'validation' }
  expect(() => run(session, `EXPLAIN SELECT ${expression} FROM b`)).toThrow(expect.objectContaining(error))
})
