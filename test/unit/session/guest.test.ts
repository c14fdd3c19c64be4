/** design.md §9: an embedded job is a guest. It leaves nothing behind in its host's process. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Millrace } from '../../../src/index.ts'
import { ChangelogQueue } from '../../../src/session/changelog-queue.ts'
import { integerType } from '../../../src/types/index.ts'
import { toBatch } from '../../support/memory-connector.ts'
import { until } from '../../support/until.ts'

const columns = 'n BIGINT'
const endless = () =>
  (async function* () {
    for (let n = 0n; ; n++) yield { n }
  })()
const listeners = () =>
  process
    .eventNames()
    .map(name => `${String(name)} ${process.listenerCount(name)}`)
    .sort()
const resources = () => process.getActiveResourcesInfo()
/** Timers, sockets and servers that are alive now and were not before; the test runner has some of its own. */
function added(before: readonly string[]): string[] {
  const known = [...before]
  return resources().filter(name => {
    const at = known.indexOf(name)
    if (at >= 0) known.splice(at, 1)
    return at < 0
  })
}
const tick = () => new Promise(resolve => setImmediate(resolve))

afterEach(() => vi.restoreAllMocks())

describe('an embedded job', () => {
  it('installs no handlers, sets no flags, prints nothing, and leaves nothing behind', async () => {
    await tick()
    const before = { listeners: listeners(), resources: resources(), argv: [...process.execArgv] }
    const env = JSON.stringify(process.env)
    const written: unknown[] = []
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation(chunk => written.push(chunk) > 0)
    const millrace = new Millrace()
    millrace.createSource('numbers', { columns, rows: endless() })
    const seen: unknown[] = []
    millrace.createSink('target', { columns, onChange: change => void seen.push(change) })
    const { jobs } = millrace.execute('INSERT INTO target SELECT n FROM numbers')
    await until(() => seen.length > 100)
    expect(listeners()).toEqual(before.listeners)
    await millrace.close()
    vi.restoreAllMocks()
    expect(jobs[0]!.status).toBe('CANCELED')
    await tick()
    expect(written).toEqual([])
    expect(listeners()).toEqual(before.listeners)
    expect(process.execArgv).toEqual(before.argv)
    expect(JSON.stringify(process.env)).toBe(env)
    expect(added(before.resources)).toEqual([])
  })

  it('frees everything when a loop over its rows is left', async () => {
    await tick()
    const before = resources()
    let returned = false
    const rows = (async function* () {
      try {
        for (let n = 0n; ; n++) yield { n }
      } finally {
        returned = true
      }
    })()
    const millrace = new Millrace()
    millrace.createSource('numbers', { columns, rows })
    const query = millrace.query('SELECT n FROM numbers')
    for await (const _ of query) break
    expect(query.job.status).toBe('CANCELED')
    await until(() => returned)
    await tick()
    expect(added(before)).toEqual([])
    await millrace.close()
  })

  it('does not run when its signal was aborted before', async () => {
    await using millrace = new Millrace()
    millrace.createSource('numbers', { columns, rows: endless() })
    const seen: unknown[] = []
    millrace.createSink('target', { columns, onChange: change => void seen.push(change) })
    const { jobs } = millrace.execute('INSERT INTO target SELECT n FROM numbers', {
      signal: AbortSignal.abort(),
    })
    expect(await jobs[0]!.wait()).toEqual({ status: 'CANCELED', savepoint: null })
    expect(seen).toEqual([])
  })

  it('can be closed twice, at once and later; then nothing can be executed', async () => {
    const millrace = new Millrace()
    millrace.createSource('numbers', { columns, rows: endless() })
    const query = millrace.query('SELECT n FROM numbers')
    await Promise.all([millrace.close(), millrace.close()])
    await millrace.close()
    expect(query.job.status).toBe('CANCELED')
    const closed = expect.objectContaining({ code: 'MR_LIBRARY_CLOSED' })
    expect(() => millrace.execute('SELECT 1')).toThrow(closed)
    expect(() => millrace.query('SELECT 1')).toThrow(closed)
    expect(() => millrace.createSource('t', { columns, rows: endless() })).toThrow(closed)
    expect(() => millrace.createSink('t', { columns, onChange: () => {} })).toThrow(closed)
  })

  it('starts none of a script when the settings of one of its jobs are wrong', async () => {
    const millrace = new Millrace()
    const seen: unknown[] = []
    millrace.createSource('numbers', { columns, rows: endless() })
    millrace.createSink('target', { columns, onChange: change => void seen.push(change) })
    const insert = 'INSERT INTO target SELECT n FROM numbers;'
    expect(() =>
      millrace.execute(
        `${insert} SET 'restart-strategy.type' = 'fixed-dealy'; INSERT INTO target SELECT n + 1 FROM numbers;`,
      ),
    ).toThrow(expect.objectContaining({ code: expect.stringMatching(/^MR_CONFIG/) }))
    for (let i = 0; i < 5; i++) await tick()
    expect(seen).toEqual([])
    await millrace.close()
  })
})

describe('ChangelogQueue', () => {
  it('frees rows that were read, though it never runs empty', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const queue = new ChangelogQueue([{ name: 'n', type: integerType() }])
    const batch = toBatch(
      [integerType()],
      Array.from({ length: 10 }, (_, i) => [i]),
    )
    queue.collect(batch)
    const rows = queue[Symbol.asyncIterator]()
    const first = new WeakRef((await rows.next()).value!)
    for (let i = 0; i < 20; i++) {
      queue.collect(batch)
      for (let taken = 0; taken < 10; taken++) await rows.next()
    }
    expect(queue.length).toBe(9)
    await tick()
    collectGarbage()
    expect(first.deref()).toBeUndefined()
  })
})
