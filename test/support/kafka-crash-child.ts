/**
 * A process that copies the numbers 0…TOTAL-1 into a topic exactly once, with the smallest coordinator the
 * protocol allows: manifests by rename, `committed` files, recovery at start. The crash tests kill it anywhere.
 * Exit codes: 0 = done, 3 = the job failed and may be restarted.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PreparedTransaction } from '../../src/connectors/contract/index.ts'
import { failPoint } from '../../src/failpoints/failpoints.ts'
import { attempt, rowsOf, sinkConfig } from './kafka-sink-fixture.ts'

interface Manifest {
  readonly id: number
  readonly next: number
  readonly jobId: string
  readonly prepared: readonly PreparedTransaction[]
  readonly lastConfirmed: number
}

const env = (name: string): string => process.env[name] ?? ''
const stateDir = env('STATE_DIR')
const total = Number(env('TOTAL'))
const ROWS = 10
mkdirSync(stateDir, { recursive: true })

function fail(error: unknown): never {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error)
  process.exit(3)
}

const pathOf = (id: number): string => join(stateDir, `manifest-${String(id).padStart(6, '0')}.json`)
const isConfirmed = (id: number): boolean => existsSync(join(stateDir, `committed-${id}`))
/** A crash may come before this is written: `SKIP_CONFIRM` stands for that. */
function confirm(id: number): void {
  if (env('SKIP_CONFIRM') !== 'true') writeFileSync(join(stateDir, `committed-${id}`), '')
}

function manifests(): Manifest[] {
  return readdirSync(stateDir)
    .filter(name => /^manifest-\d+\.json$/.test(name))
    .sort()
    .map(name => JSON.parse(readFileSync(join(stateDir, name), 'utf8')))
}

function store(manifest: Manifest): void {
  writeFileSync(`${pathOf(manifest.id)}.tmp`, JSON.stringify(manifest))
  renameSync(`${pathOf(manifest.id)}.tmp`, pathOf(manifest.id))
}

const run = attempt(
  sinkConfig(env('BOOTSTRAP'), env('TOPIC'), {
    transactionTimeoutMs: Number(env('TXN_TIMEOUT') || 60_000),
    produce: {
      ...sinkConfig('x:1', 'x').produce,
      lingerMs: 0,
      requestTimeoutMs: Number(env('REQUEST_TIMEOUT') || 10_000),
    },
  }),
  { fail },
)
const { group } = run

async function recoverState(): Promise<Manifest> {
  const incarnation = readdirSync(stateDir).filter(name => name.startsWith('start-')).length + 1
  writeFileSync(join(stateDir, `start-${incarnation}`), '')
  for (;;) {
    const all = manifests()
    const newest = all.at(-1)
    if (newest === undefined) {
      const jobId = `job-${env('TOPIC')}`
      const request = {
        jobId,
        writtenBy: jobId,
        incarnation,
        prepared: [],
        newestCheckpoint: 0,
        lastConfirmed: 0,
      }
      const outcome = await group.recover({
        ...request,
        mayTakeOver: true,
        fresh: true,
        explicit: false,
        claimed: false,
      })
      if (outcome.kind !== 'recovered') throw new Error(`fresh start: ${outcome.kind}`)
      return { id: 0, next: 0, jobId, prepared: [], lastConfirmed: 0 }
    }
    const outcome = await group.recover({
      jobId: newest.jobId,
      writtenBy: newest.jobId,
      incarnation,
      prepared: isConfirmed(newest.id) ? [] : newest.prepared,
      newestCheckpoint: newest.id,
      lastConfirmed: isConfirmed(newest.id) ? newest.id : newest.lastConfirmed,
      mayTakeOver: true,
      fresh: false,
      explicit: false,
      claimed: true,
    })
    if (outcome.kind === 'retry') continue
    if (outcome.kind === 'recovered') {
      confirm(newest.id)
      return newest
    }
    const base = all.filter(({ id }) => id < outcome.label && id >= outcome.committedThrough).at(-1)
    for (const { id } of all) if (id >= outcome.label) renameSync(pathOf(id), `${pathOf(id)}.lost`)
    if (base !== undefined) return base
    if (outcome.committedThrough > 0) throw new Error(`lost ${outcome.label} without an earlier checkpoint`)
    return { ...newest, id: outcome.label, next: 0, prepared: [] }
  }
}

async function main(): Promise<void> {
  const state = await recoverState()
  let { next, id } = state
  let confirmed = state.lastConfirmed
  await group.begin(id + 1)
  const writer = await run.writer()
  const write = (): void => {
    const end = Math.min(total, next + ROWS)
    const rows: [string, string][] = []
    for (; next < end; next++) rows.push([`k${next % 3}`, String(next)])
    if (rows.length > 0) writer.write(rowsOf(rows))
  }
  write()
  for (;;) {
    id++
    const covered = next
    const flushed = writer.flush(id)
    // Rows of the next checkpoint are under way while this one is being made.
    write()
    await flushed
    await new Promise(resolve => setTimeout(resolve, 20))
    const prepared = await group.prepare(id)
    await failPoint('child.before-manifest')
    store({ id, next: covered, jobId: state.jobId, prepared, lastConfirmed: confirmed })
    await failPoint('child.after-manifest')
    for (const transaction of prepared) await group.commit(transaction)
    await failPoint('child.before-confirmed')
    confirm(id)
    confirmed = id
    await failPoint('child.after-confirmed')
    if (env('FORCE_KEEP_ALIVE') === 'true') await group.keepAlive()
    if (covered >= total) break
  }
  if (env('FORCE_ABORT') === 'true') await group.abort()
  await run.die()
}

main().catch(fail)
