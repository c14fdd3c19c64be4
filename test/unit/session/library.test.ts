import { describe, expect, it } from 'vitest'
import { type Change, Millrace, MillraceError } from '../../../src/index.ts'

async function* clicks(offset = 0) {
  const rows = [
    { ip: 'a', ts: '2025-01-01 00:00:01' },
    { ip: 'b', ts: '2025-01-01 00:00:02' },
    { ip: 'a', ts: '2025-01-01 00:00:03' },
    { ip: 'a', ts: '2025-01-01 00:00:11' },
  ]
  for (const row of rows.slice(offset)) yield row
}

const columns = 'ip STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts'

describe('Millrace', () => {
  it('iterates the rows of a query', async () => {
    await using millrace = new Millrace()
    const rows = []
    for await (const row of millrace.query(
      "SELECT a, UPPER(b) AS b FROM (VALUES (1, 'x'), (2, 'y')) AS t(a, b)",
    ))
      rows.push(row)
    expect(rows).toEqual([
      { a: 1, b: 'X' },
      { a: 2, b: 'Y' },
    ])
  })

  it('reads async iterables and gives the changelog of an updating query', async () => {
    await using millrace = new Millrace()
    millrace.createSource('clicks', { columns, rows: ({ offset }) => clicks(offset) })
    const changes: string[] = []
    for await (const { kind, row } of millrace
      .query('SELECT ip, COUNT(*) AS n FROM clicks GROUP BY ip')
      .changelog()) {
      changes.push(`${kind} ${String(row['ip'])} ${String(row['n'])}`)
    }
    expect(changes).toEqual(['+I a 1', '+I b 1', '-U a 1', '+U a 2', '-U a 2', '+U a 3'])
  })

  it('folds an updating query into its rows', async () => {
    await using millrace = new Millrace()
    millrace.createSource('clicks', { columns, rows: clicks() })
    expect(await millrace.query('SELECT ip, COUNT(*) AS n FROM clicks GROUP BY ip').rows()).toEqual([
      { ip: 'b', n: 1n },
      { ip: 'a', n: 3n },
    ])
  })

  it('cancels the query when the loop is left', async () => {
    await using millrace = new Millrace()
    millrace.createSource('endless', {
      columns: 'n BIGINT',
      rows: (async function* () {
        for (let n = 0n; ; n++) yield { n }
      })(),
    })
    const query = millrace.query('SELECT n FROM endless')
    const seen: unknown[] = []
    for await (const row of query) {
      seen.push(row['n'])
      if (seen.length === 3) break
    }
    expect(seen).toEqual([0n, 1n, 2n])
    expect(query.job.status).toBe('CANCELED')
  })

  it('gives every change of a job to a callback and awaits it', async () => {
    await using millrace = new Millrace()
    const got: Change[] = []
    millrace.createSource('clicks', { columns, rows: clicks() })
    millrace.createSink('counts', {
      columns: 'ip STRING, n BIGINT',
      onChange: async change => {
        await new Promise(resolve => setTimeout(resolve, 1))
        got.push(change)
      },
    })
    const { jobs } = millrace.execute(`INSERT INTO counts SELECT ip, COUNT(*) FROM TABLE(
      TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, ip`)
    expect(await jobs[0]!.wait()).toEqual({ status: 'FINISHED', savepoint: null })
    expect(got.map(({ row }) => `${String(row['ip'])} ${String(row['n'])}`).sort()).toEqual([
      'a 1',
      'a 2',
      'b 1',
    ])
  })

  it('rejects wait() with the coded error, and nothing else in the host is affected', async () => {
    await using millrace = new Millrace()
    millrace.createSource('bad', {
      columns: 'n BIGINT',
      rows: (async function* () {
        yield { n: 1n }
        throw new Error('the iterable broke')
      })(),
    })
    millrace.createSink('target', { columns: 'n BIGINT', onChange: () => {} })
    const { jobs } = millrace.execute('INSERT INTO target SELECT n FROM bad')
    const error = await jobs[0]!.wait().then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(MillraceError)
    expect(String(error)).toContain('the iterable broke')
    expect(jobs[0]!.status).toBe('FAILED')
  })

  it('throws wrong SQL with code and position, and starts nothing', () => {
    const millrace = new Millrace()
    expect(() =>
      millrace.execute(
        "CREATE TABLE t (a INT) WITH ('connector' = 'print'); INSERT INTO t SELECT b FROM nowhere",
      ),
    ).toThrow(expect.objectContaining({ code: 'MR_CATALOG_UNKNOWN_TABLE' }))
    expect(() => millrace.query('INSERT INTO t VALUES (1)')).toThrow(MillraceError)
  })

  it('cancels on an aborted signal', async () => {
    await using millrace = new Millrace()
    millrace.execute(
      "CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '100')",
    )
    millrace.execute("CREATE TABLE nowhere (n BIGINT) WITH ('connector' = 'blackhole')")
    const controller = new AbortController()
    const { jobs } = millrace.execute('INSERT INTO nowhere SELECT n FROM numbers', {
      signal: controller.signal,
    })
    await jobs[0]!.started()
    controller.abort()
    expect(await jobs[0]!.wait()).toEqual({ status: 'CANCELED', savepoint: null })
  })
})
