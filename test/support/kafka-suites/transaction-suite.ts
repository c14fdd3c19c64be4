/** The exactly-once protocol against any broker: dev broker and real Kafka run the same tests. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TransactionClient } from '../../../src/connectors/kafka/transaction/transaction-client.ts'
import { attempt, prepare, recovery, rowsOf, sinkConfig, startFresh } from '../kafka-sink-fixture.ts'
import { TopicTool } from '../kafka-topics.ts'

export interface SuiteBroker {
  readonly bootstrap: string
  stop(): Promise<void>
}

const sorted = (records: readonly { readonly value: string | null }[]): (string | null)[] =>
  records.map(r => r.value).sort()

export function transactionSuite(name: string, start: () => Promise<SuiteBroker>): void {
  describe(`transactions on ${name}`, () => {
    let broker: SuiteBroker
    let tool: TopicTool
    beforeAll(async () => {
      broker = await start()
      tool = new TopicTool(broker.bootstrap)
    })
    afterAll(async () => {
      await tool?.close()
      await broker?.stop()
    })

    async function newTopic(partitions = 3): Promise<string> {
      const topic = `t-${randomUUID().slice(0, 8)}`
      await tool.create(topic, partitions)
      return topic
    }
    const client = (): TransactionClient =>
      new TransactionClient(tool.cluster, 60_000, new AbortController().signal)

    test('rows before a barrier become visible with their checkpoint, rows after it with the next', async () => {
      const topic = await newTopic()
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      run.main.write(
        rowsOf([
          ['a', '1'],
          ['b', '2'],
        ]),
      )
      const flushed = run.main.flush(1)
      run.main.write(rowsOf([['c', '3']]))
      await flushed
      const [first] = await run.group.prepare(1)
      expect(first).toMatchObject({ label: 1, committer: run.group.id })
      expect(await tool.read(topic)).toEqual([])
      await run.group.commit(first!)
      expect(sorted(await tool.read(topic))).toEqual(['1', '2'])
      const [second] = await prepare(run.group, [run.main], 2)
      await run.group.commit(second!)
      expect(sorted(await tool.read(topic))).toEqual(['1', '2', '3'])
      expect(run.job.failures).toEqual([])
      await run.die()
    })

    test('two sinks and several subtasks share one transaction', async () => {
      const [one, two] = [await newTopic(), await newTopic(1)]
      const config = sinkConfig(broker.bootstrap, one)
      const run = await startFresh(config)
      const { KafkaSink } = await import('../../../src/connectors/kafka/sink/kafka-sink.ts')
      const { keylessLayout } = await import('../kafka-sink-fixture.ts')
      const other = new KafkaSink({ ...config, topics: [two], tableName: 'other' }, keylessLayout, run.job)
      expect(other.committer).toBe(run.group)
      const writers = [
        run.main,
        await run.writer(1),
        await other.createWriter({ subtask: 0, parallelism: 1 }),
      ]
      for (const [i, writer] of writers.entries()) writer.write(rowsOf([['k', `w${i}`]]))
      const stored = await prepare(run.group, writers, 1)
      expect(stored).toHaveLength(1)
      await run.group.commit(stored[0]!)
      expect(sorted(await tool.read(one))).toEqual(['w0', 'w1'])
      expect(sorted(await tool.read(two))).toEqual(['w2'])
      await other.close()
      await run.die()
    })

    test('a prepared transaction is committed by the next start; what was open is aborted', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const first = await startFresh(config)
      first.main.write(rowsOf([['a', 'prepared']]))
      const stored = await prepare(first.group, [first.main], 1)
      first.main.write(rowsOf([['a', 'open']]))
      await first.main.finish()
      await first.die()

      const second = attempt(config)
      const outcome = await second.group.recover(
        recovery({ prepared: stored, newestCheckpoint: 1, fresh: false, incarnation: 2, mayTakeOver: true }),
      )
      expect(outcome).toMatchObject({ kind: 'recovered', numResumed: 1 })
      await second.group.begin(2)
      expect(sorted(await tool.read(topic))).toEqual(['prepared'])
      const writer = await second.writer()
      writer.write(rowsOf([['a', 'replayed']]))
      const [next] = await prepare(second.group, [writer], 2)
      await second.group.commit(next!)
      expect(sorted(await tool.read(topic))).toEqual(['prepared', 'replayed'])
      await second.die()
    })

    test('recovery twice, after the commit and after the slot was used again, changes nothing', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const first = await startFresh(config)
      first.main.write(rowsOf([['a', '1']]))
      const stored = await prepare(first.group, [first.main], 1)
      await first.group.commit(stored[0]!)
      // Every slot is used again, so the stored epoch is surely an old one.
      for (let id = 2; id <= 5; id++) {
        first.main.write(rowsOf([['a', String(id)]]))
        const [next] = await prepare(first.group, [first.main], id)
        await first.group.commit(next!)
      }
      await first.die()
      const second = attempt(config)
      const outcome = await second.group.recover(
        recovery({ prepared: stored, newestCheckpoint: 5, fresh: false, incarnation: 2 }),
      )
      expect(outcome).toMatchObject({ kind: 'recovered', numResumed: 1 })
      expect(sorted(await tool.read(topic))).toEqual(['1', '2', '3', '4', '5'])
      await second.die()
    })

    test('an older checkpoint is restored only when the user asked for it', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const first = await startFresh(config)
      for (let id = 1; id <= 3; id++) {
        first.main.write(rowsOf([['a', String(id)]]))
        const [next] = await prepare(first.group, [first.main], id)
        await first.group.commit(next!)
      }
      await first.die()
      const older = { newestCheckpoint: 1, lastConfirmed: 1, fresh: false, incarnation: 2 }
      const latest = attempt(config)
      expect(await latest.group.recover(recovery(older))).toEqual({ kind: 'retry', committedThrough: 3 })
      await latest.die()
      const named = attempt(config)
      expect(await named.group.recover(recovery({ ...older, explicit: true }))).toMatchObject({
        kind: 'recovered',
        numResumed: 0,
      })
      await named.die()
    })

    test('a job resumed elsewhere is another job: the one it came from is refused, its labels say nothing', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const first = await startFresh(config)
      first.main.write(rowsOf([['a', '1']]))
      const one = await prepare(first.group, [first.main], 1)
      await first.die()
      const elsewhere = { jobId: 'job-b', writtenBy: 'job-a', fresh: false, explicit: true, claimed: false }
      const second = attempt(config)
      const resumed = recovery({ ...elsewhere, prepared: one, newestCheckpoint: 1 })
      expect(await second.group.recover(resumed)).toMatchObject({ kind: 'recovered', numResumed: 1 })
      await second.group.begin(2)
      const writer = await second.writer()
      writer.write(rowsOf([['a', '2']]))
      const [two] = await prepare(second.group, [writer], 2)
      await second.group.commit(two!)
      await second.die()
      const back = attempt(config)
      const own = recovery({ prepared: one, newestCheckpoint: 1, fresh: false, incarnation: 2 })
      await expect(back.group.recover(own)).rejects.toMatchObject({ code: 'MR_KAFKA_PREFIX_TAKEN' })
      await back.die()
      expect(sorted(await tool.read(topic))).toEqual(['1', '2'])
    })

    test('a late commit of an old transaction never commits a new one', async () => {
      const topic = await newTopic()
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      const handles = []
      for (let id = 1; id <= 4; id++) {
        run.main.write(rowsOf([['a', String(id)]]))
        const [stored] = await prepare(run.group, [run.main], id)
        handles.push(stored!.handle)
        await run.group.commit(stored!)
      }
      run.main.write(rowsOf([['a', 'open']]))
      await run.main.finish()
      for (const handle of handles) {
        const code = await client().end(
          String(handle['tid']),
          { producerId: Number(handle['pid']), producerEpoch: Number(handle['epoch']) },
          true,
        )
        // Its own slot may not have been initialised again yet: then 0 repeats the old decision.
        expect([0, 47]).toContain(code)
      }
      expect(sorted(await tool.read(topic))).toEqual(['1', '2', '3', '4'])
      await run.die()
    })

    test('a prepared transaction can be looked at: open, ended, unknown', async () => {
      const topic = await newTopic()
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      run.main.write(rowsOf([['a', '1']]))
      const [stored] = await prepare(run.group, [run.main], 1)
      const { tid, pid, epoch } = stored!.handle
      const look = () => run.group.findEnded([stored!], 'job-a')
      expect(await client().describe(String(tid))).toEqual({
        code: 0,
        state: 'Ongoing',
        producerId: pid,
        producerEpoch: epoch,
      })
      expect(await look()).toBeNull()
      await client().init(String(tid), null)
      expect(await look()).toEqual(stored)
      expect(await client().describe(`nobody-${topic}`)).toMatchObject({ code: 105 })
      await run.die()
    })

    test('a transaction the broker ended is reported lost, with what is committed', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const first = await startFresh(config)
      first.main.write(rowsOf([['a', '1']]))
      const [one] = await prepare(first.group, [first.main], 1)
      await first.group.commit(one!)
      first.main.write(rowsOf([['a', '2']]))
      const stored = await prepare(first.group, [first.main], 2)
      await first.die()
      const { code } = await client().init(String(stored[0]!.handle['tid']), null)
      expect(code).toBe(0)
      const second = attempt(config)
      const outcome = await second.group.recover(
        recovery({ prepared: stored, newestCheckpoint: 2, lastConfirmed: 1, fresh: false, incarnation: 2 }),
      )
      expect(outcome).toMatchObject({ kind: 'lost', label: 2, committedThrough: 1 })
      expect(sorted(await tool.read(topic))).toEqual(['1'])
      await second.die()
    })

    test('a zombie that commits a later checkpoint makes recovery read the manifests again', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const zombie = await startFresh(config)
      zombie.main.write(rowsOf([['a', '1']]))
      const one = await prepare(zombie.group, [zombie.main], 1)
      await zombie.group.commit(one[0]!)
      zombie.main.write(rowsOf([['a', '2']]))
      const two = await prepare(zombie.group, [zombie.main], 2)
      await zombie.group.commit(two[0]!)
      const second = attempt(config, { jobName: 'other process' })
      // The registry of this process would refuse the second owner; another process has its own.
      await zombie.group.close()
      const outcome = await second.group.recover(
        recovery({ prepared: one, newestCheckpoint: 1, fresh: false, incarnation: 2 }),
      )
      expect(outcome).toEqual({ kind: 'retry', committedThrough: 2 })
      await zombie.die()
      await second.die()
    })

    test('a fenced writer fails its job and writes nothing more', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const zombie = await startFresh(config)
      zombie.main.write(rowsOf([['a', 'z1']]))
      await zombie.main.finish()
      for (let slot = 0; slot < 3; slot++)
        await client().init(`${config.transactionalIdPrefix}.${slot}`, null)
      zombie.main.write(rowsOf([['a', 'z2']]))
      await expect(zombie.main.flush(1)).rejects.toMatchObject({ code: 'MR_KAFKA_TRANSACTION_FENCED' })
      expect(zombie.job.failures).toHaveLength(1)
      expect(() => zombie.main.write(rowsOf([['a', 'z3']]))).toThrow(/no longer ours|is dead/)
      expect(await tool.read(topic)).toEqual([])
      await zombie.die()
    })

    test('a fresh start refuses a prefix with a live witness of another job, unless told to take over', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const first = await startFresh(config)
      first.main.write(rowsOf([['a', '1']]))
      const [one] = await prepare(first.group, [first.main], 1)
      await first.group.commit(one!)
      await first.die()
      const second = attempt(config)
      await expect(second.group.recover(recovery({ jobId: 'job-b' }))).rejects.toMatchObject({
        code: 'MR_KAFKA_PREFIX_IN_USE',
        details: { hint: expect.stringContaining('--resume none') },
      })
      expect(await second.group.recover(recovery({ jobId: 'job-b', mayTakeOver: true }))).toMatchObject({
        kind: 'recovered',
        numResumed: 0,
      })
      await second.die()
    })

    test('an expired witness after confirmed checkpoints is unknown, never lost', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const stored = [
        {
          committer: `kafka:${config.transactionalIdPrefix}`,
          label: 9,
          handle: {
            tid: `${config.transactionalIdPrefix}.0`,
            pid: 987_654,
            epoch: 3,
            startedAt: 1,
            timeoutMs: 60_000,
          },
        },
      ]
      const run = attempt(config)
      const request = recovery({ prepared: stored, newestCheckpoint: 9, lastConfirmed: 8, fresh: false })
      await expect(run.group.recover(request)).rejects.toMatchObject({ code: 'MR_KAFKA_OUTCOME_UNKNOWN' })
      await run.die()
      const never = attempt(config)
      expect(await never.group.recover({ ...request, lastConfirmed: 0 })).toMatchObject({
        kind: 'lost',
        label: 9,
      })
      await never.die()
    })

    test('a checkpoint without rows has no transaction', async () => {
      const topic = await newTopic()
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      for (let id = 1; id <= 6; id++) expect(await prepare(run.group, [run.main], id)).toEqual([])
      run.main.write(rowsOf([['a', 'x']]))
      const stored = await prepare(run.group, [run.main], 7)
      await run.group.commit(stored[0]!)
      expect(sorted(await tool.read(topic))).toEqual(['x'])
      await run.die()
    })

    test('a declined checkpoint is carried over: prepared or only flushed, it commits before the next', async () => {
      const topic = await newTopic()
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      run.main.write(rowsOf([['a', '1']]))
      const one = await prepare(run.group, [run.main], 1)
      run.main.write(rowsOf([['a', '2']]))
      const two = await prepare(run.group, [run.main], 2)
      for (const stored of [...one, ...two]) await run.group.commit(stored)
      // Flushed by the writers, given up before it was prepared.
      run.main.write(rowsOf([['a', '3']]))
      await run.main.flush(3)
      run.main.write(rowsOf([['a', '4']]))
      const both = await prepare(run.group, [run.main], 4)
      expect(both.map(p => p.label)).toEqual([3, 4])
      for (const stored of both) await run.group.commit(stored)
      expect(sorted(await tool.read(topic))).toEqual(['1', '2', '3', '4'])
      await run.die()
    })

    test('when nothing is ever committed the slots run out and the job is told', async () => {
      const topic = await newTopic()
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      for (let id = 1; id <= 3; id++) {
        run.main.write(rowsOf([['a', String(id)]]))
        expect(await prepare(run.group, [run.main], id)).toHaveLength(1)
      }
      run.main.write(rowsOf([['a', '4']]))
      await expect(run.main.flush(4)).rejects.toMatchObject({ code: 'MR_KAFKA_SLOTS_EXHAUSTED' })
      await run.die()
    })

    test('abort ends what is open and leaves what is prepared', async () => {
      const topic = await newTopic()
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      run.main.write(rowsOf([['a', 'prepared']]))
      const stored = await prepare(run.group, [run.main], 1)
      run.main.write(rowsOf([['a', 'open']]))
      await run.main.finish()
      await run.group.abort()
      await run.group.commit(stored[0]!)
      expect(sorted(await tool.read(topic))).toEqual(['prepared'])
      await run.die()
    })

    test('the witness of an idle job is written again, in a transaction of its own', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const run = await startFresh(config)
      expect(await run.group.keepAlive()).toBe(false)
      run.main.write(rowsOf([['a', '1']]))
      const stored = await prepare(run.group, [run.main], 1)
      expect(await run.group.keepAlive()).toBe(false)
      await run.group.commit(stored[0]!)
      expect(await run.group.keepAlive()).toBe(true)
      const group = `__millrace.${config.transactionalIdPrefix}`
      expect(await client().readWitness(group, 'job-a', true)).toEqual({
        jobId: 'job-a',
        label: 1,
        incarnation: 1,
      })
      for (let id = 2; id <= 5; id++) {
        run.main.write(rowsOf([['a', String(id)]]))
        const [next] = await prepare(run.group, [run.main], id)
        await run.group.commit(next!)
        expect((await client().readWitness(group, 'job-a', true))?.label).toBe(id)
      }
      await run.die()
    })

    test('one prefix, two jobs of one process: the second is refused and both are named', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const first = await startFresh(config, { jobName: 'alpha' })
      const second = attempt(config, { jobName: 'beta' })
      await expect(second.group.recover(recovery())).rejects.toThrow(/'alpha' and 'beta'/)
      await second.die()
      await first.die()
    })

    test('a transaction timeout beyond the broker maximum names both numbers', async () => {
      const topic = await newTopic()
      const run = attempt(sinkConfig(broker.bootstrap, topic, { transactionTimeoutMs: 3_600_000 }))
      await expect(run.group.recover(recovery())).rejects.toThrow(/3600000 ms .*900000 ms/)
      await run.die()
    })

    test('a lost lease stops before any InitProducerId', async () => {
      const topic = await newTopic()
      const config = sinkConfig(broker.bootstrap, topic)
      const owner = await startFresh(config)
      owner.main.write(rowsOf([['a', '1']]))
      await owner.main.finish()
      const late = attempt(config, {
        checkLease: () => Promise.reject(new Error('lease lost')),
        jobName: 'late',
      })
      await owner.group.close()
      await expect(late.group.recover(recovery())).rejects.toThrow('lease lost')
      await owner.die()
      await late.die()
    })

    test('many rows over many batches and partitions arrive once and in order per key', async () => {
      const topic = await newTopic(4)
      const run = await startFresh(sinkConfig(broker.bootstrap, topic))
      const numKeys = 7
      for (let round = 0; round < 20; round++) {
        run.main.write(
          rowsOf(
            Array.from({ length: 500 }, (_, i) => [`k${i % numKeys}`, `${i % numKeys}:${round * 500 + i}`]),
          ),
        )
        await run.main.ready()
      }
      const stored = await prepare(run.group, [run.main], 1)
      await run.group.commit(stored[0]!)
      const records = await tool.read(topic)
      expect(records).toHaveLength(10_000)
      const last = new Map<string, number>()
      for (const { key, value } of records) {
        const n = Number(value!.split(':')[1])
        expect(n).toBeGreaterThan(last.get(key!) ?? -1)
        last.set(key!, n)
      }
      await run.die()
    })
  })
}
