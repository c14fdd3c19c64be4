/**
 * Turns acknowledged states into manifest entries and back. Tables go to files in the state format
 * (src/state/snapshot); what is smaller than the threshold stands in the manifest itself.
 */
import { runtimeFailure } from '../errors/index.ts'
import { readTable } from '../state/snapshot/read-table.ts'
import type { FrozenState, StateReader, StateSchema } from '../state/state-io.ts'
import { KEY_GROUP_COLUMN } from '../state/state-io.ts'
import { appendSelected, type Batch, BatchBuilder } from '../types/index.ts'
import {
  type CheckpointDirectory,
  type CheckpointStore,
  readStateData,
  type StateFile,
  type StoredCheckpoint,
} from './checkpoint-store.ts'
import { type EncodedState, encodeState } from './encode-state.ts'
import type { ManifestNode, ManifestState, StateData, StatePart } from './manifest.ts'
import type { AcknowledgedSubtask } from './pending-checkpoint.ts'

interface NodeParts {
  readonly states: Map<string, { readonly schema: StateSchema; readonly parts: StatePart[] }>
  readonly values: Map<string, unknown[]>
}

export interface WrittenState {
  readonly nodes: readonly ManifestNode[]
  readonly bytes: number
}

export async function writeStates(
  store: CheckpointStore,
  target: CheckpointDirectory,
  acknowledgements: readonly AcknowledgedSubtask[],
  inlineBytes: number,
): Promise<WrittenState> {
  const nodes = new Map<string, NodeParts>()
  let bytes = 0
  let fileNumber = 0
  for (const { subtask, nodes: parts } of acknowledgements) {
    for (const { nodeId, states, values } of parts) {
      const node = nodes.get(nodeId) ?? { states: new Map(), values: new Map() }
      nodes.set(nodeId, node)
      for (const { name, value } of values) node.values.set(name, [...(node.values.get(name) ?? []), value])
      for (const state of states) {
        const entry = node.states.get(state.schema.name) ?? { schema: state.schema, parts: [] }
        node.states.set(state.schema.name, entry)
        const place = { store, target, fileName: `state-${++fileNumber}.parquet`, inlineBytes }
        const part = await writePart(place, state, subtask)
        bytes += 'inline' in part.data ? part.data.inline.length : part.data.bytes
        if (part.rows > 0) entry.parts.push(part)
      }
    }
  }
  return { nodes: [...nodes].map(([id, node]) => manifestNode(id, node)), bytes }
}

/** State of another checkpoint as nodes of this one; its files are written anew, for the other may be removed. */
export async function copyStates(
  store: CheckpointStore,
  target: CheckpointDirectory,
  from: StoredCheckpoint,
  keeps: (nodeId: string) => boolean,
): Promise<readonly ManifestNode[]> {
  const copyPart = async (part: StatePart): Promise<StatePart> => {
    if ('inline' in part.data) return part
    const bytes = await readStateData(from.path, part.data)
    const file = await store.createState(target, part.data.file)
    try {
      await file.write([bytes])
      return { ...part, data: await file.finish(part.data.sha256) }
    } finally {
      await file.close()
    }
  }
  const nodes: ManifestNode[] = []
  for (const node of from.manifest.nodes.filter(({ id }) => keeps(id))) {
    const states: ManifestState[] = []
    for (const state of node.states) {
      const parts: StatePart[] = []
      for (const part of state.parts) parts.push(await copyPart(part))
      states.push({ ...state, parts })
    }
    nodes.push({ ...node, states })
  }
  return nodes
}

interface PartPlace {
  readonly store: CheckpointStore
  readonly target: CheckpointDirectory
  readonly fileName: string
  readonly inlineBytes: number
}

async function writePart(
  place: PartPlace,
  state: FrozenState | EncodedState,
  subtask: number,
): Promise<StatePart> {
  const content = new PartContent(place)
  try {
    const take = (pieces: readonly Uint8Array[]) => content.write(pieces)
    if ('content' in state) await take(state.content)
    const { rows, sha256 } = 'content' in state ? state : await encodeState(state, take)
    return { subtask, rows, data: await content.finish(sha256) }
  } finally {
    await content.close()
  }
}

/** Is held until it is too much for the manifest; from then on it goes to a file as it comes. */
class PartContent {
  readonly #place: PartPlace
  #held: Uint8Array[] = []
  #heldBytes = 0
  #file: StateFile | null = null

  constructor(place: PartPlace) {
    this.#place = place
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#file !== null) return this.#file.write(pieces)
    for (const piece of pieces) this.#heldBytes += piece.length
    const { store, target, fileName, inlineBytes } = this.#place
    if (this.#heldBytes <= inlineBytes) {
      this.#held.push(...pieces.map(piece => Uint8Array.from(piece)))
      return
    }
    this.#file = await store.createState(target, fileName)
    await this.#file.write([...this.#held, ...pieces])
    this.#held = []
  }

  async finish(sha256: string): Promise<StateData> {
    if (this.#file !== null) return this.#file.finish(sha256)
    return { inline: Buffer.concat(this.#held).toString('base64'), sha256 }
  }

  async close(): Promise<void> {
    await this.#file?.close()
  }
}

function manifestNode(id: string, node: NodeParts): ManifestNode {
  const states = [...node.states.values()].map(
    ({ schema, parts }): ManifestState => ({
      name: schema.name,
      version: schema.version,
      keyed: schema.keyed,
      columns: schema.columns,
      parts,
    }),
  )
  return { id, states, values: [...node.values].map(([name, values]) => ({ name, values })) }
}

export interface KeyGroupRange {
  readonly first: number
  readonly last: number
}

/** A checkpoint opened for restoring: all state bytes are read and checked before any operator starts. */
export class RestoredState {
  readonly checkpoint: StoredCheckpoint
  readonly #nodes: ReadonlyMap<string, ManifestNode>
  readonly #tables: ReadonlyMap<StatePart, Uint8Array>

  private constructor(checkpoint: StoredCheckpoint, tables: ReadonlyMap<StatePart, Uint8Array>) {
    this.checkpoint = checkpoint
    this.#nodes = new Map(checkpoint.manifest.nodes.map(node => [node.id, node]))
    this.#tables = tables
  }

  /** `isOwn`: which nodes' state this thread is going to read. */
  static async open(
    checkpoint: StoredCheckpoint,
    isOwn: (nodeId: string) => boolean = () => true,
  ): Promise<RestoredState> {
    const tables = new Map<StatePart, Uint8Array>()
    for (const node of checkpoint.manifest.nodes.filter(({ id }) => isOwn(id))) {
      for (const state of node.states) {
        for (const part of state.parts) tables.set(part, await readStateData(checkpoint.path, part.data))
      }
    }
    return new RestoredState(checkpoint, tables)
  }

  /** Nodes that hold something: a Calc or a sink that is gone from the query takes nothing with it. */
  get nodeIds(): readonly string[] {
    return [...this.#nodes.values()]
      .filter(({ states, values }) => states.length > 0 || values.length > 0)
      .map(({ id }) => id)
  }

  /** Every subtask's value of that name. */
  values(nodeId: string, name: string): readonly unknown[] {
    return this.#nodes.get(nodeId)?.values.find(value => value.name === name)?.values ?? []
  }

  /** The state of one node for the subtask that owns `range`; null when the checkpoint has none. */
  reader(nodeId: string, range: KeyGroupRange): StateReader | null {
    const node = this.#nodes.get(nodeId)
    if (node === undefined) return null
    return {
      read: schema => this.#read(node, schema, range),
      readValues: name => this.values(nodeId, name),
    }
  }

  *#read(node: ManifestNode, schema: StateSchema, range: KeyGroupRange): Generator<Batch> {
    const stored = node.states.find(state => state.name === schema.name)
    if (stored === undefined) return
    checkSchema(node.id, stored, schema)
    for (const part of stored.parts) {
      for (const batch of readTable(this.#tables.get(part)!, schema)) {
        yield schema.keyed ? ownRows(batch, schema, range) : batch
      }
    }
  }
}

function checkSchema(nodeId: string, stored: ManifestState, wanted: StateSchema): void {
  const same =
    stored.version === wanted.version && JSON.stringify(stored.columns) === JSON.stringify(wanted.columns)
  if (same) return
  throw runtimeFailure(
    'MR_STATE_INCOMPATIBLE',
    `State '${stored.name}' of ${nodeId} was written by another query: its columns differ`,
    {
      expected: wanted.columns.map(column => `${column.name} ${column.type.kind}`),
      hint: 'resume with the query that wrote it, or start over with --resume none',
    },
  )
}

function ownRows(batch: Batch, schema: StateSchema, range: KeyGroupRange): Batch {
  const column = batch.columns[schema.columns.findIndex(({ name }) => name === KEY_GROUP_COLUMN)]
  if (column?.storage !== 'i32') return batch
  const selection = new Int32Array(batch.length)
  let count = 0
  for (let row = 0; row < batch.length; row++) {
    const group = column.values[row]!
    if (group >= range.first && group <= range.last) selection[count++] = row
  }
  if (count === batch.length) return batch
  const own = new BatchBuilder(schema.columns.map(({ type }) => type))
  appendSelected(own, batch, selection, count)
  return own
}
