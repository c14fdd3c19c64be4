/**
 * The WebAssembly kernels of this isolate, made when they are first asked for. `MILLRACE_WASM=off` leaves everything
 * to the JavaScript twins, as does a host without WebAssembly SIMD or without the address space for the arena.
 */
import { Arena } from './arena.ts'
import { moduleBytes } from './module-bytes.ts'

/** What kernels ask of the decoder that called them. Positions are addresses; a field is its distance in the block. */
export interface KernelHost {
  /** Converts and stores the value `[start, end)`; false = the scan must stop at this record. */
  convertValue(field: number, start: number, end: number, row: number): boolean
  /** False when the arena has no room for the field's bytes: the scan must stop at this record. */
  growBytes(field: number, numBytes: number): boolean
  /** Distance of the wanted field with this key, or 0. */
  findField(keyStart: number, keyEnd: number): number
}

export interface Kernels {
  readonly arena: Arena
  /** The whole arena, by its elements. */
  readonly bytes: Uint8Array
  readonly words: Int32Array
  readonly doubles: Float64Array
  readonly longs: BigInt64Array
  /** Whom a running kernel asks. Set before every call: kernels run to their end, one at a time. */
  host: KernelHost
  scanJson(
    block: number,
    base: number,
    starts: number,
    ends: number,
    from: number,
    to: number,
    records: number,
    row: number,
  ): number
  decodeRecords(): number
  encodeJson(block: number, from: number, to: number, out: number, capacity: number, offsets: number): number
  frameRecords(from: number, to: number): number
  hashInts(state: number, values: number, nulls: number, length: number): void
  hashLongs(state: number, values: number, nulls: number, length: number): void
  hashDoubles(state: number, values: number, nulls: number, length: number): void
  hashBytes(state: number, bytes: number, offsets: number, nulls: number, length: number): void
  finishHash(state: number, length: number): void
  selectNulls(target: number, source: number, rows: number, count: number): void
  selectInts(target: number, source: number, rows: number, count: number): void
  selectLongs(target: number, source: number, rows: number, count: number): void
  selectOffsets(target: number, source: number, rows: number, count: number): number
  selectBytes(bytes: number, source: number, offsets: number, rows: number, count: number): void
  groupRows(
    hashes: number,
    length: number,
    targets: number,
    owners: number,
    maxParallelism: number,
    ends: number,
    numTargets: number,
    rows: number,
  ): void
}

const nobody: KernelHost = {
  convertValue: () => false,
  growBytes: () => false,
  findField: () => 0,
}

type Exports = Omit<Kernels, 'arena' | 'host' | 'bytes' | 'words' | 'doubles' | 'longs'>

function instantiate(): Kernels | null {
  if (process.env['MILLRACE_WASM'] === 'off' || typeof WebAssembly === 'undefined') return null
  const binary = Buffer.from(moduleBytes, 'base64')
  if (!WebAssembly.validate(binary)) return null
  const arena = Arena.tryCreate()
  if (arena === null) return null
  const state = { host: nobody }
  const imports = {
    env: { memory: arena.memory },
    host: {
      convertValue: (field: number, start: number, end: number, row: number) =>
        Number(state.host.convertValue(field, start, end, row)),
      growBytes: (field: number, numBytes: number) => Number(state.host.growBytes(field, numBytes)),
      findField: (keyStart: number, keyEnd: number) => state.host.findField(keyStart, keyEnd),
    },
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), imports)
  return Object.assign(state, {
    arena,
    bytes: new Uint8Array(arena.buffer),
    words: new Int32Array(arena.buffer),
    doubles: new Float64Array(arena.buffer),
    longs: new BigInt64Array(arena.buffer),
    ...(exports as unknown as Exports),
  })
}

let kernels: Kernels | null | undefined

/** The kernels, or null where only the JavaScript twins can run. */
export function kernelsOrNull(): Kernels | null {
  if (kernels === undefined) kernels = instantiate()
  return kernels
}
