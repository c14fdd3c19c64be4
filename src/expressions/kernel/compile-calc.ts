/**
 * Compiles a chain (watermark, condition, projections) to a kernel. Rows that pass are compacted; a column that is
 * projected unchanged is handed on by reference when every row passes, and gathered otherwise.
 */
import { internalError } from '../../errors/index.ts'
import {
  type Batch,
  ByteSink,
  type BytesColumn,
  type Column,
  copySelected,
  createColumnFor,
  ROW_DELETE,
  ROW_INSERT,
  ROW_UPDATE_AFTER,
  ROW_UPDATE_BEFORE,
  storageOf,
} from '../../types/index.ts'
import { simplify } from '../simplify.ts'
import type { CalcKernel, CalcSpec, KernelEnvironment } from './kernel.ts'
import { type KernelRun, kernelFactory } from './kernel-cache.ts'
import { type Computed, type WatermarkCell, writeKernel } from './write-kernel.ts'

const INITIAL_ROWS = 256

let zeros = new Uint8Array(4096)
function zeroBytes(length: number): Uint8Array {
  if (zeros.length < length) zeros = new Uint8Array(length * 2)
  return zeros
}

/** How one output column comes about. */
type OutputPlan =
  | { readonly kind: 'passed'; readonly input: number; readonly own: Column }
  | { readonly kind: 'computed'; readonly own: Column; readonly sink: ByteSink | undefined }

class ResultBatch implements Batch {
  length = 0
  columns: readonly Column[] = []
  kinds: Uint8Array | null = null
}

class CompiledCalc implements CalcKernel {
  readonly #spec: CalcSpec
  readonly #outputs: readonly OutputPlan[]
  readonly #run: KernelRun | null
  readonly #inputs: readonly number[]
  readonly #cell: WatermarkCell
  readonly #needsSelection: boolean
  readonly #result = new ResultBatch()
  readonly #resultColumns: Column[]
  /** Column and null bytes of each input, flat; only those the loop reads are set. */
  readonly #inputSlots: unknown[]
  readonly #outputSlots: unknown[]
  #selection = new Int32Array(INITIAL_ROWS)
  #kinds = new Uint8Array(INITIAL_ROWS)

  constructor(spec: CalcSpec, environment: KernelEnvironment) {
    this.#spec = spec
    this.#cell = { max: Number.NEGATIVE_INFINITY }
    this.#outputs = spec.projections.map((projection): OutputPlan => {
      const own = createColumnFor(projection.type, INITIAL_ROWS)
      if (projection.kind === 'InputRef') return { kind: 'passed', input: projection.index, own }
      return { kind: 'computed', own, sink: own.storage === 'bytes' ? new ByteSink(0) : undefined }
    })
    const computed = this.#outputs.flatMap((output, slot): Computed[] =>
      output.kind === 'computed' ? [{ expression: spec.projections[slot]!, slot, sink: output.sink }] : [],
    )
    this.#needsSelection = spec.condition !== null
    this.#resultColumns = this.#outputs.map(output => output.own)
    this.#result.columns = this.#resultColumns
    this.#outputSlots = this.#outputs.map(output => output.own)
    this.#inputSlots = new Array<unknown>(spec.inputTypes.length * 2).fill(null)
    if (spec.condition === null && spec.watermark === null && computed.length === 0) {
      this.#run = null
      this.#inputs = []
      return
    }
    const text = writeKernel(spec, computed, this.#needsSelection, this.#cell, environment)
    this.#run = kernelFactory(text.source)(text.constants)
    this.#inputs = text.inputs
  }

  get maxWatermark(): number {
    return this.#cell.max
  }

  process(batch: Batch): Batch {
    const { length } = batch
    const result = this.#result
    let count = length
    if (this.#run !== null) {
      this.#prepare(batch)
      count = this.#run(length, this.#inputSlots, this.#outputSlots, this.#selection)
      this.#collectSinks()
    }
    for (let i = 0; i < this.#outputs.length; i++) {
      const output = this.#outputs[i]!
      if (output.kind === 'computed') continue
      const source = batch.columns[output.input]!
      if (count === length) this.#resultColumns[i] = source
      else {
        output.own.reset()
        output.own.ensureCapacity(count)
        copySelected(output.own, 0, source, this.#selection, count)
        this.#resultColumns[i] = output.own
      }
    }
    result.length = count
    result.kinds =
      batch.kinds === null || count === length ? batch.kinds : this.#gatherKinds(batch.kinds, length, count)
    return result
  }

  #prepare(batch: Batch): void {
    const { length } = batch
    for (const index of this.#inputs) {
      const column = batch.columns[index]
      const type = this.#spec.inputTypes[index]!
      if (column?.storage !== storageOf(type))
        throw internalError(`input column ${index} is ${column?.storage ?? 'missing'}, not ${type.kind}`)
      this.#inputSlots[index * 2] = column
      this.#inputSlots[index * 2 + 1] = column.nulls ?? zeroBytes(length)
    }
    for (const output of this.#outputs) {
      if (output.kind === 'passed') continue
      output.own.reset()
      output.own.ensureCapacity(length)
      if (output.sink !== undefined) {
        output.sink.bytes = (output.own as BytesColumn).bytes
        output.sink.length = 0
      }
    }
    if (this.#needsSelection && this.#selection.length < length) this.#selection = new Int32Array(length * 2)
  }

  /** A sink that had to grow has a new array. */
  #collectSinks(): void {
    for (const output of this.#outputs)
      if (output.kind === 'computed' && output.sink !== undefined)
        (output.own as BytesColumn).bytes = output.sink.bytes
  }

  /**
   * Kinds of the rows that pass. Where only one half of a −U/+U pair (neighbors in one batch) passes, it becomes
   * a plain delete or insert, so that nobody downstream waits for the other half.
   */
  #gatherKinds(kinds: Uint8Array, length: number, count: number): Uint8Array {
    if (this.#kinds.length < count) this.#kinds = new Uint8Array(count * 2)
    const own = this.#kinds
    const selection = this.#selection
    for (let i = 0; i < count; i++) {
      const row = selection[i]!
      const kind = kinds[row]!
      own[i] = kind
      if (kind === ROW_UPDATE_BEFORE && row + 1 < length && kinds[row + 1] === ROW_UPDATE_AFTER) {
        if (i + 1 === count || selection[i + 1] !== row + 1) own[i] = ROW_DELETE
      } else if (kind === ROW_UPDATE_AFTER && row > 0 && kinds[row - 1] === ROW_UPDATE_BEFORE) {
        if (i === 0 || selection[i - 1] !== row - 1) own[i] = ROW_INSERT
      }
    }
    return own
  }
}

/** Constant parts are computed here, once; a constant that fails is left to fail on the first row that needs it. */
export function compileCalc(spec: CalcSpec, environment: KernelEnvironment): CalcKernel {
  const simplified: CalcSpec = {
    inputTypes: spec.inputTypes,
    condition: spec.condition === null ? null : simplify(spec.condition, environment),
    projections: spec.projections.map(projection => simplify(projection, environment)),
    watermark: spec.watermark === null ? null : simplify(spec.watermark, environment),
  }
  return new CompiledCalc(simplified, environment)
}
