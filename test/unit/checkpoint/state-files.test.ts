import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CheckpointStore } from '../../../src/checkpoint/checkpoint-store.ts'
import { writeStates } from '../../../src/checkpoint/state-files.ts'
import { silentLogger } from '../../../src/logger/logger.ts'
import { TableWriter, writeTable } from '../../../src/state/snapshot/write-table.ts'
import type { StateSchema } from '../../../src/state/state-io.ts'
import { bigintType, stringType } from '../../../src/types/index.ts'
import { batchOf } from '../../support/operator-harness.ts'

const schema: StateSchema = {
  name: 'groups',
  version: 1,
  keyed: false,
  columns: [
    { name: 'id', type: bigintType() },
    { name: 'name', type: stringType() },
  ],
}

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-state-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('large state goes to its file whole, and others have the event loop meanwhile', async () => {
  const batch = batchOf(
    schema.columns.map(({ type }) => type),
    Array.from({ length: 4096 }, (_, row) => [BigInt(row), `the name of row ${row}`]),
  )
  const batches = Array.from({ length: 150 }, () => batch)
  let numTurns = 0
  let isWritten = false
  const others = () => {
    numTurns++
    if (!isWritten) setImmediate(others)
  }
  setImmediate(others)
  let turnsAtLastBatch = 0
  const state = {
    schema,
    *batches() {
      for (const next of batches) {
        turnsAtLastBatch = numTurns
        yield next
      }
    },
    release() {},
  }
  const store = new CheckpointStore(directory, silentLogger)
  const target = await store.begin(1, 1, false)
  const { nodes, bytes } = await writeStates(
    store,
    target,
    [{ subtask: 0, nodes: [{ nodeId: 'n', states: [state], values: [] }], alignmentMs: 0 }],
    1024,
  )
  isWritten = true
  // They had it before the last batch was encoded, not only while the file was written.
  expect(turnsAtLastBatch).toBeGreaterThan(5)
  const [part] = nodes[0]!.states[0]!.parts
  expect(part).toMatchObject({ rows: 150 * 4096, data: { bytes } })
  const data = part!.data
  if (!('file' in data)) throw new Error('the state stands in the manifest')
  expect((await readFile(join(target.path, data.file))).equals(writeTable(schema, batches))).toBe(true)
})

test('the pieces of a file are small, however wide its rows', () => {
  const wide = batchOf(
    schema.columns.map(({ type }) => type),
    Array.from({ length: 1000 }, (_, row) => [BigInt(row), 'x'.repeat(700)]),
  )
  const writer = new TableWriter(schema)
  const sizes: number[] = []
  for (let n = 0; n < 10; n++) sizes.push(...writer.add(wide).map(piece => piece.length))
  // They leave as soon as a group is full.
  expect(sizes.length).toBeGreaterThan(4)
  sizes.push(...writer.finish().map(piece => piece.length))
  expect(Math.max(...sizes)).toBeLessThan(2 * 1024 * 1024)
})

test('state up to the threshold stands in the manifest; an error of the encoder is not taken for one of the disk', async () => {
  const types = schema.columns.map(({ type }) => type)
  const rows = batchOf(types, [[1n, 'a']])
  const bytes = writeTable(schema, [rows])
  const store = new CheckpointStore(directory, silentLogger)
  const target = await store.begin(1, 1, false)
  const write = (batches: () => Iterable<typeof rows>, inlineBytes: number) => {
    const state = { schema, batches, release() {} }
    const nodes = [{ nodeId: 'n', states: [state], values: [] }]
    return writeStates(store, target, [{ subtask: 0, nodes, alignmentMs: 0 }], inlineBytes)
  }
  const dataOf = async (inlineBytes: number) =>
    (await write(() => [rows], inlineBytes)).nodes[0]!.states[0]!.parts[0]!.data
  expect(await dataOf(bytes.length)).toMatchObject({ inline: Buffer.from(bytes).toString('base64') })
  expect(await dataOf(bytes.length - 1)).toMatchObject({ file: 'state-1.parquet', bytes: bytes.length })

  const wide = batchOf(types, [[1n, 'x'.repeat(2 * 1024 * 1024)]])
  const broken = write(function* () {
    yield wide
    throw new Error('the row cannot be read')
  }, 0)
  await expect(broken).rejects.toThrow(/^the row cannot be read$/)
})
