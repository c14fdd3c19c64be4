/**
 * Generated loops of an aggregate layout: one function per use, made from the text of all calls together. The
 * kernels are cached by their text, so queries of the same shape share them and others do not spoil their type
 * feedback.
 */
import { internalError } from '../../errors/index.ts'
import type { KeyedTable } from '../../state/table/keyed-table.ts'
import { PAGE_MASK, PAGE_SHIFT } from '../../state/table/paged-column.ts'
import { type Batch, type LogicalType, storageOf } from '../../types/index.ts'
import type { OutputBuffer } from '../operators/output-buffer.ts'
import { type AggregateEnvironment, aggregateEnvironment } from './aggregate-environment.ts'
import type { ResultText, StateText, ValueText } from './aggregate-function.ts'
import type { AggregateLayout, CallLayout } from './aggregate-layout.ts'
import { betterText } from './extreme.ts'
import { isZero64 } from './int64-text.ts'
import { batchValue, pageValue, resultLocals, writeColumn } from './value-text.ts'

/** Row `rows[i]` of the batch belongs to group `ids[i]` and value row `valueIds[t][i]` (-1 = none). */
export type AccumulateKernel = (
  env: AggregateEnvironment,
  table: KeyedTable,
  valueTables: readonly KeyedTable[],
  batch: Batch,
  rows: Int32Array,
  count: number,
  ids: Int32Array,
  valueIds: readonly Int32Array[],
) => void

/** Row `rows[i]` of a batch of group rows, which have state columns, is added to group `ids[i]`. */
export type MergeKernel = (
  env: AggregateEnvironment,
  table: KeyedTable,
  batch: Batch,
  rows: Int32Array,
  count: number,
  ids: Int32Array,
) => void

/** Row i of a batch of value rows (group, arguments, counts) is added to group `ids[i]`, value row `valueIds[i]`. */
export type MergeValuesKernel = (
  env: AggregateEnvironment,
  table: KeyedTable,
  valueTable: KeyedTable,
  batch: Batch,
  count: number,
  ids: Int32Array,
  valueIds: Int32Array,
) => void

/**
 * Writes keys and results of groups to `out`, until `out` is full: of the groups `ids[from, count)`, or of all
 * with row ids in [from, count) if `ids` is null. Returns the next position, `count` at the end. Groups whose
 * rows were all retracted are left out.
 */
export type EmitKernel = (
  env: AggregateEnvironment,
  table: KeyedTable,
  out: OutputBuffer,
  ids: Int32Array | null,
  from: number,
  count: number,
) => number

const kernels = new Map<string, unknown>()
const MAX_KERNELS = 512

/** A function made from text, cached by the text. */
export function compileKernel<K>(text: string): K {
  let kernel = kernels.get(text)
  if (kernel === undefined) {
    if (kernels.size === MAX_KERNELS) kernels.clear()
    kernel = new Function(text)()
    kernels.set(text, kernel)
  }
  return kernel as K
}

/** Collects declarations (once each) while row text is written. */
export class LoopText {
  readonly declarations: string[] = []
  readonly pages: string[] = []
  readonly #layout: AggregateLayout
  readonly #states = new Map<number, StateText>()
  readonly #columns = new Map<number, ValueText>()

  constructor(layout: AggregateLayout) {
    this.#layout = layout
  }

  /** Value column `index` of the group table. */
  state(index: number): StateText {
    let text = this.#states.get(index)
    if (text === undefined) {
      const storage = storageOf(this.#layout.valueTypes[index]!)
      const value = pageValue(`s${index}`, `table.values[${index}]`, storage)
      this.declarations.push(value.declare)
      this.pages.push(value.page)
      text = value.text
      this.#states.set(index, text)
    }
    return text
  }

  statesOf(call: CallLayout): StateText[] {
    return call.function.state.map((_, s) => this.state(call.firstState + s))
  }

  /** Column `position` of the batch, at row `r`. */
  column(position: number, type: LogicalType): ValueText {
    let text = this.#columns.get(position)
    if (text === undefined) {
      const value = batchValue(`c${position}`, `batch.columns[${position}]`, storageOf(type), 'r')
      this.declarations.push(value.declare)
      text = value.text
      this.#columns.set(position, text)
    }
    return text
  }

  passes(filter: number | null): string {
    if (filter === null) return 'true'
    const text = this.column(filter, { kind: 'BOOLEAN', nullable: true })
    return `(!${text.isNull} && ${text.value} === 1)`
  }
}

/** Text that applies one input row to all calls; `retract` (a local) says in which direction. */
export function accumulateText(loop: LoopText, layout: AggregateLayout, retracts: boolean): string {
  const rowCount = layout.countsRows
    ? retracts
      ? `if (retract) { ${subtractOne(loop.state(0))} } else { ${addOne(loop.state(0))} }`
      : addOne(loop.state(0))
    : ''
  return [
    rowCount,
    ...layout.valueTables.map((_, t) => countValueText(loop, layout, t)),
    ...layout.calls.map(call => (call.isRowCount ? '' : callText(loop, layout, call, retracts))),
  ].join('\n')
}

const addOne = (state: StateText) => `if ((${state.value} = (${state.value} + 1) | 0) === 0) ${state.high}++;`
const subtractOne = (state: StateText) =>
  `if (${state.value} === 0) ${state.high}--; ${state.value} = (${state.value} - 1) | 0;`

function callText(loop: LoopText, layout: AggregateLayout, call: CallLayout, retracts: boolean): string {
  const states = loop.statesOf(call)
  const args = call.call.arguments.map((position, j) => loop.column(position, call.argumentTypes[j]!))
  const accumulate = call.function.accumulate(states, args)
  let retract = ''
  if (call.research !== null) retract = researchText(loop, layout, call, states[0]!, args[0]!)
  else if (retracts) retract = retractText(call, states, args)
  if (call.values !== null) {
    const change = `d${call.values.table}_${call.values.count}`
    return `if (${change} === 1) { ${accumulate} } ${retracts ? `else if (${change} === -1) { ${retract} }` : ''}`
  }
  const conditions = [loop.passes(call.call.filter), ...args.map(arg => `!${arg.isNull}`)]
  const body = retracts ? `if (retract) { ${retract} } else { ${accumulate} }` : accumulate
  return `if (${conditions.join(' && ')}) { ${body} }`
}

function retractText(call: CallLayout, states: readonly StateText[], args: readonly ValueText[]): string {
  if (call.function.retract === undefined) {
    throw internalError(`${call.call.function} cannot take values back`)
  }
  return call.function.retract(states, args)
}

/** Counts the row's value in value table `t`; `d<t>_<c>` is 1 where it is new in the group, -1 where it is gone. */
function countValueText(loop: LoopText, layout: AggregateLayout, t: number): string {
  const { filters } = layout.valueTables[t]!
  loop.declarations.push(`const vt${t} = valueTables[${t}], vi${t} = valueIds[${t}];`)
  const counts = filters.map((filter, c) => {
    loop.declarations.push(`const vc${t}_${c} = vt${t}.values[${c}].values;`)
    return `if (${loop.passes(filter)}) {
      const page = vc${t}_${c}[vp], before = page[va], after = page[va] = before + (retract ? -1 : 1);
      if (before === 0 && after === 1) d${t}_${c} = 1; else if (before === 1 && after === 0) d${t}_${c} = -1;
    }`
  })
  return `let ${filters.map((_, c) => `d${t}_${c} = 0`).join(', ')};
    if (vi${t}[i] >= 0) {
      const vp = vi${t}[i] >>> ${PAGE_SHIFT}, va = vi${t}[i] & ${PAGE_MASK};
      if (vt${t}.isFrozen) vt${t}.makeWritable(vi${t}[i]);
      ${counts.join('\n')}
    }`
}

/** Walks the group's values for the best one left, if the value that went was the best. */
function researchText(
  loop: LoopText,
  layout: AggregateLayout,
  call: CallLayout,
  best: StateText,
  gone: ValueText,
): string {
  const { table: t, count: c } = call.values!
  const { filters, head } = layout.valueTables[t]!
  const storage = storageOf(call.argumentTypes[0]!)
  // Object values are kept as their text in the value table.
  const kept = storage === 'object' ? 'bytes' : storage
  const candidate = pageValue(`w${t}`, `vt${t}.keys[1]`, kept, 'wp', 'wa')
  const name = `f${call.firstState}`
  const value: ValueText =
    storage === 'object'
      ? { ...candidate.text, storage, value: `env.decodeObject(vt${t}.keys[1].text(wp, wa))` }
      : candidate.text
  const declare = `${candidate.declare} const next${t} = vt${t}.values[${filters.length}].values;`
  if (!loop.declarations.includes(declare)) loop.declarations.push(declare)
  const heads = loop.state(head)
  return `if (${best.isNull} || !(${betterText(call.research!, best, gone)})) {
    let ${name} = false;
    for (let entry = ${heads.value}; entry !== 0; ) {
      const wp = (entry - 1) >>> ${PAGE_SHIFT}, wa = (entry - 1) & ${PAGE_MASK};
      if (vc${t}_${c}[wp][wa] > 0) {
        ${candidate.page}
        if (!${name} || ${betterText(call.research!, value, best)}) { ${name} = true; ${best.set(value)} }
      }
      entry = next${t}[wp][wa];
    }
    if (!${name}) { ${best.setNull()} }
  }`
}

export function accumulateKernel(layout: AggregateLayout, retracts: boolean): AccumulateKernel {
  const loop = new LoopText(layout)
  const body = accumulateText(loop, layout, retracts)
  return compileKernel(`return function accumulate(env, table, valueTables, batch, rows, count, ids, valueIds) {
    ${loop.declarations.join('\n')}
    const kinds = batch.kinds, isFrozen = table.isFrozen;
    for (let i = 0; i < count; i++) {
      const id = ids[i];
      if (id < 0) continue;
      const r = rows[i], p = id >>> ${PAGE_SHIFT}, a = id & ${PAGE_MASK};
      if (isFrozen) table.makeWritable(id);
      const retract = ${retracts ? 'kinds !== null && (kinds[r] & 1) === 1' : 'false'};
      ${loop.pages.join('\n')}
      ${body}
    }
  }`)
}

/** `firstState` is the first state column of the rows; they are laid out by `from`, for the same calls. */
export function mergeKernel(
  layout: AggregateLayout,
  firstState: number,
  from: AggregateLayout = layout,
): MergeKernel {
  const loop = new LoopText(layout)
  const other = (index: number) => loop.column(firstState + index, from.valueTypes[index]!)
  const parts = layout.calls.map((call, j) => {
    // Calls over value tables are fed by the merge of those tables, and the number of rows is added below.
    if (call.values !== null || call.isRowCount) return ''
    const first = from.calls[j]!.firstState
    return call.function.merge(
      loop.statesOf(call),
      call.function.state.map((_, s) => other(first + s)),
    )
  })
  if (layout.countsRows) {
    const [state, added] = [loop.state(0), other(0)]
    parts.push(`{ const low = (${state.value} >>> 0) + (${added.value} >>> 0);
      ${state.value} = low | 0; ${state.high} = (${state.high} + ${added.high} + (low > 4294967295 ? 1 : 0)) | 0; }`)
  }
  return compileKernel(`return function merge(env, table, batch, rows, count, ids) {
    ${loop.declarations.join('\n')}
    const isFrozen = table.isFrozen;
    for (let i = 0; i < count; i++) {
      const r = rows[i], id = ids[i], p = id >>> ${PAGE_SHIFT}, a = id & ${PAGE_MASK};
      if (isFrozen) table.makeWritable(id);
      ${loop.pages.join('\n')}
      ${parts.join('\n')}
    }
  }`)
}

export function mergeValuesKernel(layout: AggregateLayout, t: number): MergeValuesKernel {
  const loop = new LoopText(layout)
  const { filters, argumentTypes } = layout.valueTables[t]!
  const args = argumentTypes.map((type, j) => loop.column(1 + j, type))
  const parts = filters.map((_, c) => {
    loop.declarations.push(`const vc${c} = valueTable.values[${c}].values;`)
    const from = loop.column(1 + argumentTypes.length + c, { kind: 'DOUBLE', nullable: false })
    const calls = layout.calls.filter(call => call.values?.table === t && call.values.count === c)
    return `if (${from.value} !== 0) {
      const page = vc${c}[vp], before = page[va], after = page[va] = before + ${from.value};
      if (before <= 0 && after > 0) { ${calls.map(call => call.function.accumulate(loop.statesOf(call), args)).join('\n')} }
    }`
  })
  return compileKernel(`return function mergeValues(env, table, valueTable, batch, count, ids, valueIds) {
    ${loop.declarations.join('\n')}
    const isFrozen = table.isFrozen, valuesAreFrozen = valueTable.isFrozen;
    for (let r = 0; r < count; r++) {
      const id = ids[r], p = id >>> ${PAGE_SHIFT}, a = id & ${PAGE_MASK}, vp = valueIds[r] >>> ${PAGE_SHIFT}, va = valueIds[r] & ${PAGE_MASK};
      if (isFrozen) table.makeWritable(id);
      if (valuesAreFrozen) valueTable.makeWritable(valueIds[r]);
      ${loop.pages.join('\n')}
      ${parts.join('\n')}
    }
  }`)
}

/** Text that assigns the results of all calls to locals `<prefix><call>`. */
export function resultsText(
  loop: LoopText,
  layout: AggregateLayout,
  prefix: string,
): { readonly text: string; readonly results: readonly ResultText[] } {
  const locals = layout.calls.map((call, j) => resultLocals(`${prefix}${j}`, storageOf(call.call.type)))
  const text = layout.calls.map(
    (call, j) => `${locals[j]!.declare} { ${call.function.result(loop.statesOf(call), locals[j]!.text)} }`,
  )
  return { text: text.join('\n'), results: locals.map(local => local.text) }
}

export function emitKernel(layout: AggregateLayout, numKeys: number): EmitKernel {
  const loop = new LoopText(layout)
  const { text, results } = resultsText(loop, layout, 'x')
  const isEmpty = layout.countsRows ? `if (${isZero64(loop.state(0))}) continue;` : ''
  const outputs = results.map((_, j) => `const out${j} = out.columns[${numKeys + j}];`)
  const keys = Array.from({ length: numKeys }, (_, k) => `key${k}.read(p, a, to${k}, w);`)
  const keyColumns = keys.map((_, k) => `const key${k} = table.keys[${k}], to${k} = out.columns[${k}];`)
  return compileKernel(`return function emit(env, table, out, ids, from, count) {
    ${loop.declarations.join('\n')}
    ${outputs.join('\n')}
    ${keyColumns.join('\n')}
    const free = table.hashes.nulls, capacity = out.capacity;
    let w = out.length, i = from;
    for (; i < count && w < capacity; i++) {
      const id = ids === null ? i : ids[i], p = id >>> ${PAGE_SHIFT}, a = id & ${PAGE_MASK};
      if (free[p][a] === 1) continue;
      ${loop.pages.join('\n')}
      ${isEmpty}
      ${text}
      ${keys.join('\n')}
      ${results.map((result, j) => writeColumn(`out${j}`, result, 'w')).join('\n')}
      w++;
    }
    out.length = w;
    return i;
  }`)
}

export { aggregateEnvironment }
