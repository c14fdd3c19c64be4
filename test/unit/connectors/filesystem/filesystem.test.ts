import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { filesystemConnector } from '../../../../src/connectors/filesystem/index.ts'
import { findFormat } from '../../../../src/formats/index.ts'
import { integerType, type JsRow, stringType } from '../../../../src/types/index.ts'
import {
  batchOf,
  type Columns,
  drain,
  jobContext,
  readAll,
  rowsOf,
  sinkRequest,
  sourceRequest,
  tableOf,
} from '../../../support/connector-kit.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-fs-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const columns: Columns = { id: integerType(), name: stringType() }
const table = (options: Record<string, string> = {}, path = directory) =>
  tableOf({ connector: 'filesystem', path, format: 'json', ...options }, columns)
const put = (name: string, text: string | Uint8Array) => writeFileSync(join(directory, name), text)
const read = (options: Record<string, string> = {}, path = directory): Promise<JsRow[]> =>
  readAll(filesystemConnector, sourceRequest(table(options, path)))
const lines = (from: number, to: number) =>
  Array.from(
    { length: to - from },
    (_, i) => `${JSON.stringify({ id: from + i, name: `n${from + i}` })}\n`,
  ).join('')

describe('reading', () => {
  test('a directory, recursively in name order, without hidden files; blank lines and a missing last line end', async () => {
    mkdirSync(join(directory, 'b'))
    put('b/1.json', '{"id":2}\n\r\n{"id":3}\r\n')
    put('a.json', '{"id":1,"name":"x"}')
    put('c.json', '{"id":4}\n')
    put('.hidden', 'not json')
    put('_SUCCESS', '')
    put('d.json', '')
    expect(await read()).toEqual([
      { id: 1, name: 'x' },
      { id: 2, name: null },
      { id: 3, name: null },
      { id: 4, name: null },
    ])
    expect(await read({}, join(directory, 'c.json'))).toEqual([{ id: 4, name: null }])
    expect(await read({}, `file://${directory}/c.json`)).toEqual([{ id: 4, name: null }])
  })

  test('more than a chunk, and a record longer than a chunk', async () => {
    const long = 'y'.repeat(3_000_000)
    put('big.json', `${lines(0, 60_000)}${JSON.stringify({ id: -1, name: long })}\n${lines(60_000, 60_010)}`)
    const rows = await read()
    expect(rows).toHaveLength(60_011)
    expect(rows[60_000]).toEqual({ id: -1, name: long })
    expect(rows[60_010]).toEqual({ id: 60_009, name: 'n60009' })
    expect(rows.slice(0, 60_000).every((row, i) => row['id'] === i)).toBe(true)
  })

  test('records of so many fields that a batch has fewer rows', async () => {
    const names = Array.from({ length: 1000 }, (_, f) => `f${f}`)
    const recordOf = (n: number) => Object.fromEntries(names.map((name, f) => [name, n * 1000 + f]))
    const records = Array.from({ length: 700 }, (_, n) => recordOf(n))
    put('wide.json', records.map(record => `${JSON.stringify(record)}\n`).join(''))
    const wide = tableOf(
      { connector: 'filesystem', path: directory, format: 'json' },
      Object.fromEntries(names.map(name => [name, integerType()])),
    )
    expect(await readAll(filesystemConnector, sourceRequest(wide))).toEqual(records)
  })

  test('csv with line ends in quotes; gzip; raw lines', async () => {
    put('a.csv', '1,"x\ny"\n2,"say ""hi"""\r\n')
    expect(await read({ format: 'csv' })).toEqual([
      { id: 1, name: 'x\ny' },
      { id: 2, name: 'say "hi"' },
    ])
    put('a.csv', '')
    put('b.gz', gzipSync(lines(0, 30_000)))
    expect(await read()).toHaveLength(30_000)
    const one = tableOf(
      { connector: 'filesystem', path: join(directory, 'c'), format: 'raw' },
      { line: stringType() },
    )
    put('c', 'first\nsecond')
    expect(await readAll(filesystemConnector, sourceRequest(one))).toEqual([
      { line: 'first' },
      { line: 'second' },
    ])
  })

  test.each(['plain.json', 'packed.gz'])(
    'goes on from a snapshot of %s at another parallelism, without loss',
    async name => {
      const text = lines(0, 50_000)
      put(name, name.endsWith('.gz') ? gzipSync(text) : text)
      put('z.json', lines(50_000, 50_003))
      const request = sourceRequest(table(), ['id'])
      const source = filesystemConnector.createSource!(request, jobContext())
      const reader = await source.createReader({
        subtask: 0,
        parallelism: 1,
        restored: await source.initialSplits(),
      })
      const before = rowsOf(await drain(reader, request.columns, 20_000))
      const restored = JSON.parse(JSON.stringify(reader.snapshot()))
      await reader.close()
      const after: JsRow[] = []
      for (const subtask of [0, 1]) {
        const next = await source.createReader({ subtask, parallelism: 2, restored })
        after.push(...rowsOf(await drain(next, request.columns)))
        await next.close()
      }
      expect(before.length).toBeLessThan(50_000)
      const ids = [...before, ...after].map(row => Number(row['id'])).sort((a, b) => a - b)
      expect(ids).toEqual(Array.from({ length: 50_003 }, (_, i) => i))
    },
  )

  test('a snapshot behind the last row of a chunk points behind its line end', async () => {
    put('lines', 'one\n\nthree\n')
    const request = sourceRequest(
      tableOf({ connector: 'filesystem', path: directory, format: 'raw' }, { line: stringType() }),
    )
    const source = filesystemConnector.createSource!(request, jobContext())
    const reader = await source.createReader({ subtask: 0, parallelism: 1, restored: null })
    const rows = rowsOf(await drain(reader, request.columns, 3))
    const restored = reader.snapshot()
    await reader.close()
    expect(rows.map(row => row['line'])).toEqual(['one', '', 'three'])
    expect(restored).toMatchObject([{ position: { offset: 11, finished: false } }])
    expect(await readAll(filesystemConnector, request, restored)).toEqual([])
  })

  test('metadata columns', async () => {
    put('a.json', '{"id":1}\n{"id":2}\n')
    const definition = table()
    const request = {
      ...sourceRequest(definition, ['id']),
      columns: [
        { kind: 'metadata' as const, name: 'file.name', type: stringType(false) },
        { kind: 'physical' as const, name: 'id', type: integerType() },
        { kind: 'metadata' as const, name: 'file.path', type: stringType(false) },
      ],
    }
    const path = join(directory, 'a.json')
    expect(await readAll(filesystemConnector, request)).toEqual([
      { 'file.name': 'a.json', id: 1, 'file.path': path },
      { 'file.name': 'a.json', id: 2, 'file.path': path },
    ])
  })

  test('a malformed record names file and offset, and the option that skips it', async () => {
    put('a.json', '{"id":1}\n{"id":\n{"id":3}\n')
    await expect(read()).rejects.toMatchObject({
      code: 'MR_FILESYSTEM_DECODE',
      message: expect.stringContaining('a.json, record at byte 9: '),
      details: { hint: "Set 'json.ignore-parse-errors' = 'true' to skip such records." },
    })
    const skipped = await read({ 'json.ignore-parse-errors': 'true' })
    expect(skipped.map(row => row['id'])).toEqual([1, 3])
  })

  test('a path that is not there', async () => {
    await expect(read({}, join(directory, 'none'))).rejects.toMatchObject({ code: 'MR_FILESYSTEM_PATH' })
  })
})

describe('writing', () => {
  const writer = async (options: Record<string, string> = {}, subtask = 0) => {
    const sink = filesystemConnector.createSink!(sinkRequest(table(options)), jobContext())
    return sink.createWriter({ subtask, parallelism: 2 })
  }
  const rows = (...ids: number[]) =>
    batchOf(
      Object.values(columns),
      ids.map(id => [id, `n${id}`]),
    )
  const visible = () =>
    readdirSync(directory)
      .filter(name => !name.startsWith('.'))
      .sort()
  const content = (name: string) => readFileSync(join(directory, name), 'utf8')

  test('part files appear at checkpoints, and hold the rows before the barrier', async () => {
    const out = await writer()
    out.write(rows(1, 2))
    expect(visible()).toEqual([])
    const flushing = out.flush(1)
    out.write(rows(3))
    await flushing
    expect(visible()).toEqual(['part-0-0'])
    expect(content('part-0-0')).toBe('{"id":1,"name":"n1"}\n{"id":2,"name":"n2"}\n')
    await out.flush(2)
    await out.flush(3)
    await out.finish()
    await out.close()
    expect(visible()).toEqual(['part-0-0', 'part-0-1'])
    expect(content('part-0-1')).toBe('{"id":3,"name":"n3"}\n')
    expect(readdirSync(directory)).toHaveLength(2)
  })

  test('rows behind the last checkpoint leave nothing; a later writer takes the next number', async () => {
    const first = await writer()
    first.write(rows(1))
    await first.flush(1)
    first.write(rows(2))
    await first.close()
    expect(readdirSync(directory)).toEqual(['part-0-0'])
    const second = await writer()
    const other = await writer({}, 1)
    second.write(rows(2))
    other.write(rows(9))
    await Promise.all([second.finish(), other.finish()])
    expect(visible()).toEqual(['part-0-0', 'part-0-1', 'part-1-0'])
  })

  test('files roll by size; what is written reads back', async () => {
    const out = await writer({ 'sink.rolling-policy.file-size': '1 mb' })
    const ids = Array.from({ length: 60_000 }, (_, i) => i)
    for (let i = 0; i < ids.length; i += 1000) {
      out.write(rows(...ids.slice(i, i + 1000)))
      await out.ready()
    }
    await out.finish()
    expect(visible().length).toBeGreaterThan(1)
    const back = await read()
    expect(back.map(row => Number(row['id'])).sort((a, b) => a - b)).toEqual(ids)
  })

  test('csv', async () => {
    const out = await writer({ format: 'csv', 'csv.field-delimiter': ';' })
    out.write(rows(1))
    await out.finish()
    expect(content('part-0-0')).toBe('1;"n1"\n')
  })

  test('an existing file is never replaced', async () => {
    const out = await writer()
    out.write(rows(1))
    put('part-0-0', 'someone else')
    await expect(out.flush(1)).rejects.toMatchObject({ code: 'MR_FILESYSTEM_PART_EXISTS' })
    expect(content('part-0-0')).toBe('someone else')
    expect(() => out.write(rows(2))).toThrow(/exists already/)
  })
})

describe('options', () => {
  const capabilities = (options: Record<string, string>) =>
    filesystemConnector.capabilities(tableOf({ connector: 'filesystem', ...options }, columns), findFormat)
  test.each([
    [{ format: 'json' }, /needs the option 'path'/],
    [{ path: '/x' }, /needs the option 'format'/],
    [{ path: '/x', format: 'jsn' }, /cannot use the format 'jsn'/],
    [{ path: 's3://bucket/x', format: 'json' }, /names 's3:/],
    [{ path: '/x', format: 'json', 'csv.field-delimiter': ';' }, /no option 'csv.field-delimiter'/],
    [
      { path: '/x', format: 'json', 'json.ignore-parse-error': 'true' },
      /no option 'json.ignore-parse-error'/,
    ],
  ])('%o', (options, message) => {
    expect(() => capabilities(options as Record<string, string>)).toThrow(message)
  })

  test('bounded source, insert-only sink', () => {
    expect(capabilities({ path: '/x', format: 'csv' })).toMatchObject({
      source: { bounded: true },
      sink: { changelogMode: 'insert', deliveryGuarantee: 'at-least-once' },
    })
  })
})
