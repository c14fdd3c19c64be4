/** One state directory and one world, over which scripts are run one after another, as an operator would. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCheckpointAt } from '../../../src/checkpoint/checkpoint-store.ts'
import type { Resume } from '../../../src/checkpoint/recovery.ts'
import type { Job } from '../../../src/runtime/job/job.ts'
import type { JsRow } from '../../../src/types/index.ts'
import { allEnded } from '../../support/all-ended.ts'
import { ScriptSession } from '../../support/script/script-session.ts'
import { ScriptWorld } from '../../support/script/script-world.ts'

export interface RunOptions {
  readonly config?: Readonly<Record<string, string>>
  readonly resume?: Resume
}

export class Stage implements AsyncDisposable {
  readonly world = new ScriptWorld({ unbounded: true, rowsPerBatch: 2 })
  readonly stateDir: string

  private constructor(stateDir: string) {
    this.stateDir = stateDir
  }

  /** `rows` of table `t`; row i of `numSplits` splits goes to split i mod numSplits. */
  static async create(rows: readonly (readonly unknown[])[], numSplits = 1): Promise<Stage> {
    const stage = new Stage(await mkdtemp(join(tmpdir(), 'millrace-recovery-')))
    const placed = rows.map((values, at) => ({ at, element: { kind: '+I' as const, values } }))
    const splits = Array.from({ length: numSplits }, (_, split) =>
      placed.filter(({ at }) => at % numSplits === split),
    )
    stage.world.tables.set('t', { splits })
    return stage
  }

  start(sql: string, { config, resume }: RunOptions = {}): readonly Job[] {
    const session = new ScriptSession(this.world, {
      'execution.checkpointing.interval': '1 h',
      'restart-strategy.type': 'none',
      'pipeline.name': 'job',
      ...config,
    })
    return session.plan(sql).map(planned => session.launch(planned, this.stateDir, resume))
  }

  /** Reads the first `elements` of every split, then stops with a savepoint; returns its path. */
  async readAndStop(sql: string, elements: number, options: RunOptions = {}): Promise<string> {
    this.world.unbounded = true
    this.world.allow(elements)
    const [job] = this.start(sql, options)
    await job!.started()
    while (this.#pending(job!) !== this.#rest(elements)) {
      // A job that failed says why.
      if (job!.status === 'FAILED') await job!.wait()
      await sleep(5)
    }
    return job!.stopWithSavepoint()
  }

  #pending(job: Job): number {
    const { sources } = job.metrics()
    return sources.reduce((sum, source) => sum + source.pendingRecords!, 0)
  }

  #rest(elements: number): number {
    return this.world.tables
      .get('t')!
      .splits.reduce((sum, split) => sum + Math.max(0, split.length - elements), 0)
  }

  /** Reads what is left, to the end. */
  async readToEnd(sql: string, options: RunOptions = {}): Promise<void> {
    this.world.unbounded = false
    await allEnded(this.start(sql, options).map(job => job.wait()))
  }

  rows(sink: string): readonly JsRow[] {
    return (this.world.committed.get(sink) ?? []).map(({ row }) => row)
  }

  /** Values of the rows as text, sorted. */
  values(sink: string): readonly string[] {
    return this.rows(sink)
      .map(row => Object.values(row).map(String).join(' '))
      .toSorted()
  }

  /** Ids of the nodes a checkpoint holds state of. */
  static async nodeIds(checkpoint: string): Promise<readonly string[]> {
    const { manifest } = await readCheckpointAt(checkpoint)
    return manifest.nodes.map(node => node.id).toSorted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.stateDir, { recursive: true, force: true })
  }
}
