/**
 * Recovery from a state directory that was damaged: the newest checkpoint as it was written, or the one before with a
 * warning that names the damaged one, or a coded refusal. Never other state, never a silent fresh start. The case holds
 * the whole directory, as a small job wrote it.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CheckpointStore, type StoredCheckpoint } from '../../src/checkpoint/checkpoint-store.ts'
import { recoverJob } from '../../src/checkpoint/recovery.ts'
import { RestoredState } from '../../src/checkpoint/state-files.ts'
import { MillraceError } from '../../src/errors/index.ts'
import { Millrace } from '../../src/index.ts'
import type { Logger } from '../../src/logger/logger.ts'
import { readPlain } from '../../src/types/index.ts'
import type { Random } from '../../test/support/random.ts'
import { mutate } from '../mutate.ts'
import { type Case, Finding, type Target } from '../target.ts'

interface Setup {
  /** Paths of the parts in the job's directory. */
  readonly files: readonly string[]
  /** Digest of what each checkpoint restores, by its directory; newest first. */
  readonly answers: Readonly<Record<string, string>>
}

let written: Case = { setup: { files: [], answers: {} }, parts: [] }

function* filesUnder(folder: string, prefix = ''): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* filesUnder(join(folder, entry.name), `${prefix}${entry.name}/`)
    else if (entry.isFile()) yield prefix + entry.name
  }
}

/** Runs a job with state in files and in manifests, and keeps what it left. */
async function writeCheckpoints(stateDir: string): Promise<void> {
  await using millrace = new Millrace({
    stateDir,
    config: {
      'execution.checkpointing.interval': '20 ms',
      'execution.checkpointing.num-retained': '2',
      'execution.checkpointing.data-inline-threshold': '2 kb',
      'pipeline.name': 'job',
    },
  })
  const [job] = millrace.execute(`
    CREATE TABLE n (id BIGINT, text STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '20000',
      'fields.id.min' = '1', 'fields.id.max' = '500', 'fields.text.length' = '8');
    CREATE TABLE b (id BIGINT, n BIGINT, t STRING) WITH ('connector' = 'blackhole');
    INSERT INTO b SELECT id, COUNT(*), MAX(text) FROM n GROUP BY id`).jobs
  while ((job!.metrics().checkpoints?.numberOfCompletedCheckpoints ?? 0) < 4)
    await new Promise(resolve => setTimeout(resolve, 5))
  await job!.cancel({ retain: true })
}

/** All that a job restored from it would see. */
async function digestOf(checkpoint: StoredCheckpoint): Promise<string> {
  const restored = await RestoredState.open(checkpoint)
  const hash = createHash('sha256')
  for (const { id, states, values } of checkpoint.manifest.nodes) {
    hash.update(JSON.stringify([id, values]))
    const reader = restored.reader(id, { first: 0, last: 127 })!
    for (const { name, version, keyed, columns } of states) {
      for (const batch of reader.read({ name, version, keyed, columns })) {
        for (let row = 0; row < batch.length; row++)
          hash.update(
            batch.columns.map((column, c) => String(readPlain(column, row, columns[c]!.type))).join(),
          )
      }
    }
  }
  return hash.digest('hex')
}

async function prepare(): Promise<void> {
  if (written.parts.length > 0) return
  const stateDir = mkdtempSync(join(tmpdir(), 'millrace-fuzz-'))
  try {
    await writeCheckpoints(stateDir)
    const directory = join(stateDir, 'job')
    const files = [...filesUnder(directory)].filter(file => file.includes('/')).sort()
    const answers: Record<string, string> = {}
    for (const checkpoint of await new CheckpointStore(directory, collector([])).list())
      answers[checkpoint.path.slice(checkpoint.path.lastIndexOf('/') + 1)] = await digestOf(checkpoint)
    const setup: Setup = { files, answers }
    written = { setup, parts: files.map(file => new Uint8Array(readFileSync(join(directory, file)))) }
  } finally {
    rmSync(stateDir, { recursive: true, force: true })
  }
}

function collector(lines: string[]): Logger {
  const add = (_: string, fields?: object) => void lines.push(JSON.stringify(fields ?? {}))
  const logger: Logger = { debug: () => {}, info: () => {}, warn: add, error: add, child: () => logger }
  return logger
}

async function recover(
  directory: string,
  warnings: string[],
): Promise<readonly [string, string] | undefined> {
  const logger = collector(warnings)
  const store = new CheckpointStore(directory, logger)
  const options = { store, incarnation: 100, committers: [], ranBefore: false, newJobId: 'new', logger }
  try {
    const { checkpoint } = await recoverJob({ ...options, resume: { kind: 'latest' } })
    if (checkpoint === null) throw new Finding('a fresh start, where there were checkpoints')
    return [checkpoint.path.slice(checkpoint.path.lastIndexOf('/') + 1), await digestOf(checkpoint)]
  } catch (error) {
    if (error instanceof MillraceError && /^MR_(CHECKPOINT|STATE)_(CORRUPT|FORMAT)$/.test(error.code))
      return undefined
    throw error
  }
}

async function check(input: Case): Promise<void> {
  const { files, answers } = input.setup as Setup
  const directory = mkdtempSync(join(tmpdir(), 'millrace-fuzz-'))
  try {
    for (const [i, file] of files.entries()) {
      const bytes = input.parts[i]
      if (bytes === undefined) continue
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), bytes)
    }
    const warnings: string[] = []
    const found = await recover(directory, warnings)
    if (found === undefined) return
    const [name, digest] = found
    if (answers[name] !== digest) throw new Finding(`other state than was written to ${name}`)
    for (const newer of Object.keys(answers)) {
      if (newer === name) return
      if (!warnings.some(line => line.includes(newer)))
        throw new Finding(`${newer} was passed over in silence`)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

export const checkpoint: Target = {
  name: 'checkpoint',
  doc: 'recovery from damaged manifests and state files',
  numUnitCases: 60,
  prepare,
  generate(random: Random): Case {
    const parts = [...written.parts]
    for (let i = random.pick([1, 1, 1, 2, 4]); i > 0; i--) {
      const at = random.below(parts.length)
      parts[at] = random.chance(0.05) ? new Uint8Array(0) : mutate(parts[at]!, random)
    }
    return { setup: written.setup, parts }
  },
  check,
}
