/**
 * The WebAssembly kernel over one decoder's fields: its block in the arena, and what it asks while it runs. It reads
 * payloads where they stand if that is in the arena, else a copy of them; columns must stand in the arena, and where
 * one outgrows it the scan stops.
 */
import type { Column, LogicalType } from '../../types/index.ts'
import * as layout from '../../wasm/assembly/layout.ts'
import type { KernelHost, Kernels } from '../../wasm/kernels.ts'
import { reaches } from '../../wasm/reach.ts'
import type { PayloadRun } from '../format.ts'
import { KernelInput } from './kernel-input.ts'
import { unescapeInto } from './strings.ts'

/** Slots for tokens beyond those of the wanted fields, at first; more tokens than slots make for a larger block. */
const SPARE_SLOTS = 96
/** Records whose keys are ever new would ask for ever more. */
const MAX_SLOTS = 4096

export interface KernelField {
  readonly name: string
  readonly type: LogicalType
  /** A record without it gets NULL. */
  readonly optional: boolean
}

/** Converts a value that is not in its type's usual form; false = judge the record as a whole. */
export type ConvertValue = (
  k: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  row: number,
) => boolean

function kindOf(type: LogicalType): number {
  switch (type.kind) {
    case 'BOOLEAN':
      return layout.KIND_BOOLEAN
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return layout.KIND_INTEGER
    case 'BIGINT':
      return layout.KIND_BIGINT
    case 'FLOAT':
    case 'DOUBLE':
      return layout.KIND_DOUBLE
    case 'DECIMAL':
      return type.precision <= 18 ? layout.KIND_DECIMAL : layout.KIND_HOST
    case 'CHAR':
    case 'VARCHAR':
      return layout.KIND_STRING
    case 'DATE':
      return layout.KIND_DATE
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return type.precision <= 6 ? layout.KIND_TIMESTAMP : layout.KIND_HOST
    default:
      return layout.KIND_HOST
  }
}

/** What stands in FIELD_SCALE_AT and FIELD_PRECISION_AT. */
function parametersOf(type: LogicalType): readonly [number, number] {
  switch (type.kind) {
    case 'TINYINT':
      return [8, 0]
    case 'SMALLINT':
      return [16, 0]
    case 'INTEGER':
      return [32, 0]
    case 'FLOAT':
      return [1, 0]
    case 'DECIMAL':
      return [type.scale, type.precision]
    case 'TIMESTAMP':
      return [type.precision, 0]
    case 'TIMESTAMP_LTZ':
      return [type.precision, 1]
    default:
      return [0, 0]
  }
}

export class KernelScan implements KernelHost {
  readonly #kernels: Kernels
  readonly #fields: readonly KernelField[]
  /** Position of each field by the bytes of its name, one a character. */
  readonly #positions: ReadonlyMap<string, number>
  readonly #isoTimestamps: boolean
  readonly #convert: ConvertValue
  #block: Uint8Array = new Uint8Array(0)
  #words: Int32Array = new Int32Array(0)
  #maxSlots = 0
  readonly #input: KernelInput
  /** Whether a column had no room in the arena during the last scan: the kernel can do no more for these columns. */
  hasOutgrown = false
  #columns: readonly Column[] = []
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))

  /** null when the kernel cannot serve these fields. */
  static create(
    kernels: Kernels | null,
    fields: readonly KernelField[],
    isoTimestamps: boolean,
    convert: ConvertValue,
  ): KernelScan | null {
    if (kernels === null) return null
    const scan = new KernelScan(kernels, fields, isoTimestamps, convert)
    return scan.#allocate(fields.length + SPARE_SLOTS) ? scan : null
  }

  private constructor(
    kernels: Kernels,
    fields: readonly KernelField[],
    isoTimestamps: boolean,
    convert: ConvertValue,
  ) {
    this.#kernels = kernels
    this.#fields = fields
    this.#positions = new Map(fields.map(({ name }, k) => [Buffer.from(name).toString('latin1'), k]))
    this.#isoTimestamps = isoTimestamps
    this.#convert = convert
    this.#input = new KernelInput(kernels)
  }

  /** Makes a block with room for so many slots, all of them to be learned anew; false when the arena is full. */
  #allocate(maxSlots: number): boolean {
    const slotsAt = (layout.FIELDS_AT + this.#fields.length * layout.FIELD_BYTES + 63) & ~63
    const tableAt = slotsAt + maxSlots * layout.SLOT_BYTES
    const tableBytes = 4 << (32 - Math.clz32(maxSlots * 2))
    const region = this.#kernels.arena.allocate(tableAt + tableBytes)
    if (region === null) return false
    if (this.#block.length > 0) this.#kernels.arena.release(this.#block.byteOffset)
    this.#block = new Uint8Array(region.buffer, region.byteOffset, tableAt + tableBytes)
    this.#words = new Int32Array(region.buffer, region.byteOffset, this.#block.length >> 2)
    this.#maxSlots = maxSlots
    this.#block.fill(0, 0, slotsAt + layout.FIRST_LEARNED_SLOT * layout.SLOT_BYTES)
    this.#block.fill(0, tableAt)
    this.#layOut(slotsAt, tableAt, tableBytes)
    return true
  }

  #layOut(slotsAt: number, tableAt: number, tableBytes: number): void {
    const words = this.#words
    const set = (at: number, value: number) => {
      words[at >> 2] = value
    }
    const numFields = this.#fields.length
    set(layout.NUM_FIELDS_AT, numFields)
    set(layout.ISO_AT, this.#isoTimestamps ? 1 : 0)
    set(layout.NUM_SLOTS_AT, layout.FIRST_LEARNED_SLOT)
    set(layout.MAX_SLOTS_AT, this.#maxSlots)
    set(layout.SLOTS_AT, slotsAt)
    set(layout.SLOT_TABLE_AT, tableAt)
    set(layout.SLOT_TABLE_LAST_AT, tableBytes - 4)
    this.#fields.forEach(({ type, optional }, k) => {
      const at = layout.FIELDS_AT + k * layout.FIELD_BYTES
      const [scale, precision] = parametersOf(type)
      set(at + layout.FIELD_KIND_AT, kindOf(type))
      set(at + layout.FIELD_SCALE_AT, scale)
      set(at + layout.FIELD_PRECISION_AT, precision)
      set(at + layout.FIELD_NULLABLE_AT, type.nullable ? 1 : 0)
      set(at + layout.FIELD_OPTIONAL_AT, optional ? 1 : 0)
    })
    const slotAt = (slot: number) => slotsAt + slot * layout.SLOT_BYTES
    for (const slot of [layout.START_SLOT, layout.END_SLOT, layout.UNKNOWN_SLOT])
      set(slotAt(slot) + layout.SLOT_NEXT_AT, slotAt(layout.UNKNOWN_SLOT))
    // No token begins with NUL, and where one stands there is no value either.
    this.#block[slotAt(layout.UNKNOWN_SLOT) + layout.SLOT_MASK_AT] = 0xff
    const end = slotAt(layout.END_SLOT)
    set(end + layout.SLOT_LENGTH_AT, 1)
    set(end + layout.SLOT_KIND_AT, layout.KIND_END)
    this.#block[end + layout.SLOT_TOKEN_AT] = 125
    this.#block[end + layout.SLOT_MASK_AT] = 0xff
  }

  /** True when the kernel can write these columns. */
  reaches(columns: readonly Column[]): boolean {
    const { arena } = this.#kernels
    // Values of the other storages are written by the host.
    return columns.every(
      column => column.storage === 'object' || column.storage === 'msnanos' || reaches(arena, column),
    )
  }

  /**
   * Decodes records from `from` on, until one it does not understand or has no room for; `stopped` is its index, or
   * `to`. `bytes` and `view` are the run's. Returns the number of rows.
   */
  scan(
    run: PayloadRun,
    bytes: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    columns: readonly Column[],
    records: Int32Array,
    row: number,
  ): number {
    const input = this.#input
    this.#columns = columns
    this.hasOutgrown = false
    if (!input.place(run, from, to, records)) {
      this.#words[layout.STOPPED_AT >> 2] = from
      return row
    }
    this.#learnMore()
    if (!columns.every((_, k) => this.#bind(k))) {
      this.#words[layout.STOPPED_AT >> 2] = from
      return row
    }
    this.#bytes = bytes
    this.#view = view
    this.#kernels.host = this
    const rows = this.#kernels.scanJson(
      this.#block.byteOffset,
      input.base,
      input.starts,
      input.ends,
      from,
      to,
      input.records,
      row,
    )
    input.takeRecords(row, rows)
    columns.forEach((column, k) => {
      const hasNulls = this.#fieldWord(k, layout.FIELD_HAS_NULLS_AT)
      if (this.#words[hasNulls] === 0) return
      this.#words[hasNulls] = 0
      column.nullBytes()
    })
    return rows
  }

  /** Twice the slots when all are in use. */
  #learnMore(): void {
    const numSlots = this.#words[layout.NUM_SLOTS_AT >> 2]!
    if (numSlots === this.#maxSlots && numSlots * 2 <= MAX_SLOTS) this.#allocate(numSlots * 2)
  }

  get stopped(): number {
    return this.#words[layout.STOPPED_AT >> 2]!
  }

  /** Null payloads since the last call. */
  takeNumNulls(): number {
    const at = layout.NUM_NULLS_AT >> 2
    const count = this.#words[at]!
    this.#words[at] = 0
    return count
  }

  #fieldWord(k: number, at: number): number {
    return (layout.FIELDS_AT + k * layout.FIELD_BYTES + at) >> 2
  }

  /** Tells the kernel where column k stands; false when that is no longer in the arena. */
  #bind(k: number): boolean {
    const column = this.#columns[k]!
    const words = this.#words
    const at = this.#fieldWord(k, 0)
    if (column.storage === 'object' || column.storage === 'msnanos') return true
    const nulls = column.spareNullBytes()
    const { arena } = this.#kernels
    if (!arena.contains(nulls) || !reaches(arena, column)) {
      this.hasOutgrown = true
      return false
    }
    words[at + (layout.FIELD_NULLS_AT >> 2)] = nulls.byteOffset
    if (column.storage === 'bytes') {
      words[at + (layout.FIELD_OFFSETS_AT >> 2)] = column.offsets.byteOffset
      words[at + (layout.FIELD_BYTES_AT >> 2)] = column.bytes.byteOffset
      words[at + (layout.FIELD_CAPACITY_AT >> 2)] = column.bytes.length
    } else words[at + (layout.FIELD_VALUES_AT >> 2)] = column.values.byteOffset
    return true
  }

  convertValue(field: number, start: number, end: number, row: number): boolean {
    const k = (field - this.#block.byteOffset - layout.FIELDS_AT) / layout.FIELD_BYTES
    const done = this.#convert(
      k,
      this.#bytes,
      this.#view,
      start - this.#input.base,
      end - this.#input.base,
      row,
    )
    return this.#bind(k) && done
  }

  growBytes(field: number, numBytes: number): boolean {
    const k = (field - this.#block.byteOffset - layout.FIELDS_AT) / layout.FIELD_BYTES
    const column = this.#columns[k]!
    if (column.storage === 'bytes') column.ensureBytes(numBytes)
    return this.#bind(k)
  }

  findField(keyStart: number, keyEnd: number): number {
    const key = Buffer.allocUnsafe(keyEnd - keyStart)
    const length = unescapeInto(this.#kernels.bytes, keyStart, keyEnd, key, 0)
    const k = this.#positions.get(key.toString('latin1', 0, length))
    return k === undefined ? 0 : layout.FIELDS_AT + k * layout.FIELD_BYTES
  }

  release(): void {
    this.#kernels.arena.release(this.#block.byteOffset)
    this.#input.release()
  }
}
