import { mkdir, mkdtemp, rename, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CheckpointStore } from '../../../src/checkpoint/checkpoint-store.ts'
import type { Manifest } from '../../../src/checkpoint/manifest.ts'
import { type Resume, recoverJob } from '../../../src/checkpoint/recovery.ts'
import type { Committer, RecoveryOutcome, RecoveryRequest } from '../../../src/connectors/contract/index.ts'
import { silentLogger } from '../../../src/logger/logger.ts'

const manifest = (checkpointId: number, overrides: Partial<Manifest> = {}): Manifest => ({
  format: 1,
  checkpointId,
  kind: 'checkpoint',
  jobId: 'job-1',
  jobName: 'job',
  incarnation: 1,
  createdAt: '2026-01-01T00:00:00Z',
  engineVersion: 'test',
  maxParallelism: 128,
  sql: null,
  plan: null,
  nodes: [],
  prepared: [{ committer: 'c', label: checkpointId, handle: {} }],
  lastConfirmed: checkpointId - 1,
  ...overrides,
})

function committer(id: string, answers: RecoveryOutcome[]) {
  const requests: RecoveryRequest[] = []
  const fake: Committer = {
    id,
    recover(request) {
      requests.push(request)
      const committedThrough = Math.max(request.lastConfirmed, ...request.prepared.map(({ label }) => label))
      const recovered = { kind: 'recovered', numResumed: request.prepared.length, committedThrough } as const
      return Promise.resolve(answers.shift() ?? recovered)
    },
    checkpointTimeoutMs: ({ timeoutMs }) => timeoutMs,
    begin: () => Promise.resolve(),
    prepare: () => Promise.resolve([]),
    commit: () => Promise.resolve(),
    abort: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  return { fake, requests }
}

describe('recoverJob', () => {
  let directory: string
  let store: CheckpointStore

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-recovery-'))
    store = new CheckpointStore(directory, silentLogger)
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  async function write(id: number, options: { confirmed: boolean; incarnation?: number }) {
    const incarnation = options.incarnation ?? 1
    const target = await store.begin(id, incarnation, false)
    await store.complete(target, manifest(id, { incarnation }))
    if (options.confirmed) await store.confirm(target.path)
    return target.path
  }

  const recover = (fakes: Committer[], kind: 'latest' | 'none' = 'latest') => recoverFrom({ kind }, fakes)
  const recoverFrom = (resume: Resume, fakes: Committer[]) =>
    recoverJob({
      store,
      incarnation: 2,
      committers: fakes,
      resume,
      ranBefore: false,
      newJobId: 'job-new',
      logger: silentLogger,
    })

  it('goes on as another job from a checkpoint of elsewhere, as itself from one of its own', async () => {
    const path = await write(3, { confirmed: false })
    const own = committer('c', [])
    expect(await recoverFrom({ kind: 'path', path }, [own.fake])).toMatchObject({ jobId: 'job-1' })
    expect(own.requests[0]).toMatchObject({ jobId: 'job-1', writtenBy: 'job-1', explicit: true })
    const elsewhere = join(directory, 'elsewhere')
    await mkdir(elsewhere)
    await rename(path, join(elsewhere, 'chk-3-1'))
    const other = committer('c', [])
    const resume = { kind: 'path', path: join(elsewhere, 'chk-3-1', 'manifest.json') } as const
    expect(await recoverFrom(resume, [other.fake])).toMatchObject({ jobId: 'job-new' })
    expect(other.requests[0]).toMatchObject({ jobId: 'job-new', writtenBy: 'job-1', explicit: true })
  })

  it('starts fresh without checkpoints', async () => {
    const { fake, requests } = committer('c', [])
    const recovered = await recover([fake])
    expect(recovered).toMatchObject({ checkpoint: null, nextCheckpointId: 1, numResumed: 0 })
    expect(requests[0]).toMatchObject({ fresh: true, mayTakeOver: false, prepared: [], newestCheckpoint: 0 })
  })

  it('commits what the newest unconfirmed manifest prepared, and confirms it', async () => {
    await write(4, { confirmed: true })
    await write(5, { confirmed: false })
    const { fake, requests } = committer('c', [])
    const recovered = await recover([fake])
    expect(recovered).toMatchObject({ numResumed: 1, nextCheckpointId: 6, jobId: 'job-1' })
    expect(recovered.checkpoint?.manifest.checkpointId).toBe(5)
    expect(requests[0]).toMatchObject({ newestCheckpoint: 5, lastConfirmed: 4, fresh: false })
    expect((await store.list())[0]).toMatchObject({ confirmed: true })
  })

  it('does not resume transactions of a confirmed manifest', async () => {
    await write(5, { confirmed: true })
    const { fake, requests } = committer('c', [])
    expect(await recover([fake])).toMatchObject({ numResumed: 0 })
    expect(requests[0]!.prepared).toEqual([])
  })

  it('replays from the checkpoint before a lost transaction', async () => {
    await write(4, { confirmed: true })
    await write(5, { confirmed: false })
    const { fake } = committer('c', [{ kind: 'lost', label: 5, committedThrough: 4, reason: 'timed out' }])
    const recovered = await recover([fake])
    expect(recovered).toMatchObject({ replayedBecause: 'timed out', nextCheckpointId: 6 })
    expect(recovered.checkpoint?.manifest.checkpointId).toBe(4)
  })

  describe('on two clusters', () => {
    beforeEach(async () => {
      await write(4, { confirmed: true })
      const target = await store.begin(5, 1, false)
      const prepared = ['c', 'd'].map(id => ({ committer: id, label: 5, handle: {} }))
      await store.complete(target, manifest(5, { prepared }))
    })
    const lost = { kind: 'lost', label: 5, committedThrough: 4, reason: 'timed out' } as const

    it('what the first has lost the second is not asked to commit, and all is replayed', async () => {
      const second = committer('d', [])
      const recovered = await recover([committer('c', [lost]).fake, second.fake])
      expect(recovered.checkpoint?.manifest.checkpointId).toBe(4)
      expect(second.requests[0]!.prepared).toEqual([])
    })

    it('what both have lost is replayed', async () => {
      const recovered = await recover([committer('c', [lost]).fake, committer('d', [lost]).fake])
      expect(recovered.checkpoint?.manifest.checkpointId).toBe(4)
    })

    it.each([
      ['before', [lost], [{ kind: 'recovered', numResumed: 0, committedThrough: 5 }]],
      ['now', [], [lost]],
    ] as const)('refuses to replay what the other has committed %s', async (_when, first, second) => {
      const fakes = [committer('c', [...first]).fake, committer('d', [...second]).fake]
      await expect(recover(fakes)).rejects.toMatchObject({
        code: 'MR_RECOVERY_LOST_TRANSACTION',
        details: { hint: expect.stringContaining('several clusters') },
      })
    })
  })

  it('reads the manifests again when a zombie committed meanwhile', async () => {
    await write(5, { confirmed: false })
    const { fake, requests } = committer('c', [{ kind: 'retry', committedThrough: 6 }])
    const zombie: Committer = {
      ...fake,
      async recover(request) {
        if (request.newestCheckpoint === 5) await write(6, { confirmed: false })
        return fake.recover(request)
      },
    }
    expect((await recover([zombie])).checkpoint?.manifest.checkpointId).toBe(6)
    expect(requests).toHaveLength(2)
  })

  it('falls back to the checkpoint before a torn newest one', async () => {
    await write(4, { confirmed: true })
    const torn = await write(5, { confirmed: false })
    await truncate(join(torn, 'manifest.json'), 90)
    const { fake } = committer('c', [])
    expect((await recover([fake])).checkpoint?.manifest.checkpointId).toBe(4)
  })

  it('refuses to start afresh when all that is left is damaged', async () => {
    for (const id of [4, 5]) await truncate(join(await write(id, { confirmed: true }), 'manifest.json'), 90)
    const { fake, requests } = committer('c', [])
    await expect(recover([fake])).rejects.toMatchObject({ code: 'MR_CHECKPOINT_CORRUPT' })
    expect(requests).toEqual([])
    expect((await recover([fake], 'none')).checkpoint).toBeNull()
  })

  it('prefers the newer incarnation over a higher id of a replaced one', async () => {
    await write(9, { confirmed: false, incarnation: 1 })
    await write(7, { confirmed: true, incarnation: 2 })
    const { fake } = committer('c', [])
    const recovered = await recover([fake])
    expect(recovered.checkpoint?.manifest.checkpointId).toBe(7)
    expect(recovered.nextCheckpointId).toBe(10)
  })

  it('refuses to forget a prepared transaction whose sink is gone', async () => {
    await write(5, { confirmed: false })
    await expect(recover([])).rejects.toMatchObject({ code: 'MR_RECOVERY_UNCLAIMED_TRANSACTION' })
  })

  it('may take over a foreign witness only with --resume none', async () => {
    await write(5, { confirmed: false })
    const { fake, requests } = committer('c', [])
    await recover([fake], 'none')
    expect(requests[0]).toMatchObject({ fresh: true, mayTakeOver: true, prepared: [] })
  })

  it('prunes what recovery cannot need and nothing else', async () => {
    await write(3, { confirmed: true })
    await write(4, { confirmed: true })
    await write(5, { confirmed: false })
    const savepoint = await store.begin(2, 1, true)
    await store.complete(savepoint, manifest(2))
    await store.prune(1)
    expect((await store.list()).map(({ manifest }) => manifest.checkpointId)).toEqual([5, 4, 2])
  })
})
