/**
 * The text of a calc kernel: one loop that takes the watermark's maximum, drops rows the condition is not TRUE
 * for, and writes the computed projections. Columns that are only passed on are not in the loop: they are handed
 * on by reference or gathered by the selection (compile-calc.ts).
 */
import { internalError } from '../../errors/index.ts'
import type { LogicalType } from '../../types/index.ts'
import { storageOf } from '../../types/index.ts'
import type { BoundExpression } from '../bound-expression.ts'
import { emit, emitTo, isTrue } from './emit-expression.ts'
import type { CalcSpec, KernelEnvironment } from './kernel.ts'
import { KernelBuilder, type LocalValue } from './kernel-builder.ts'

export interface KernelText {
  readonly source: string
  readonly constants: readonly unknown[]
  /** Input columns the loop reads. */
  readonly inputs: readonly number[]
}

export interface Computed {
  readonly expression: BoundExpression
  /** Position in the `output` array of the kernel. */
  readonly slot: number
  /** ByteSink of the column, for strings. */
  readonly sink: object | undefined
}

/** Where the kernel leaves the watermark's maximum. */
export interface WatermarkCell {
  max: number
}

export function writeKernel(
  spec: CalcSpec,
  computed: readonly Computed[],
  needsSelection: boolean,
  cell: WatermarkCell,
  environment: KernelEnvironment,
): KernelText {
  const builder = new KernelBuilder(environment)
  if (spec.watermark !== null) writeWatermark(builder, spec.watermark)
  if (spec.condition !== null) writeCondition(builder, spec.condition)
  if (needsSelection) builder.line('selection[count] = i')
  for (const output of computed) writeOutput(builder, output)
  builder.line('count++')
  const cellName = builder.instance(cell)
  const { body } = builder
  const lines = [
    "'use strict'",
    ...builder.constants.map((_, i) => `const k${i} = K[${i}]`),
    'return function calc(length, input, output, selection) {',
    ...[...builder.inputs].map(([index, type]) => inputLines(index, type)),
    ...computed.map(({ slot, expression }) => outputLines(slot, expression.type)),
    ...builder.prologue,
    'let count = 0, watermark = -Infinity',
    'for (let i = 0; i < length; i++) {',
    body,
    '}',
    `${cellName}.max = watermark`,
    'return count',
    '}',
  ]
  return { source: lines.join('\n'), constants: builder.constants, inputs: [...builder.inputs.keys()] }
}

/** z: null bytes (all 0 when the batch has no NULL in the column), v: values or bytes, w: offsets, words or nanoseconds. */
function inputLines(index: number, type: LogicalType): string {
  const column = `input[${index * 2}]`
  const nulls = `const z${index} = input[${index * 2 + 1}]`
  switch (storageOf(type)) {
    case 'bytes':
      return `${nulls}, v${index} = ${column}.bytes, w${index} = ${column}.offsets`
    case 'i64':
      return `${nulls}, v${index} = ${column}.values, w${index} = ${column}.words`
    case 'msnanos':
      return `${nulls}, v${index} = ${column}.values, w${index} = ${column}.nanos`
    default:
      return `${nulls}, v${index} = ${column}.values`
  }
}

function outputLines(slot: number, type: LogicalType): string {
  const column = `const o${slot} = output[${slot}]; let q${slot} = null`
  switch (storageOf(type)) {
    case 'bytes':
      return `${column}; const p${slot} = o${slot}.offsets; p${slot}[0] = 0`
    case 'msnanos':
      return `${column}; const p${slot} = o${slot}.values, r${slot} = o${slot}.nanos`
    case 'i64':
      return `${column}; const p${slot} = o${slot}.values, r${slot} = o${slot}.words`
    default:
      return `${column}; const p${slot} = o${slot}.values`
  }
}

/** Conjuncts one after the other, so that the first one that fails ends the row. */
function writeCondition(builder: KernelBuilder, condition: BoundExpression): void {
  if (condition.kind === 'Call' && condition.function === 'AND') {
    for (const conjunct of condition.arguments) writeCondition(builder, conjunct)
    return
  }
  builder.line(`if (!(${isTrue(emit(builder, condition))})) continue`)
}

const floorMicros = (micros: bigint): number => Number(micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000

function writeWatermark(builder: KernelBuilder, expression: BoundExpression): void {
  const value = emit(builder, expression)
  if (value.isNull === 'true') return
  const ms =
    value.representation === 'i64' ? `${builder.constant(floorMicros)}(${value.locals[0]})` : value.locals[0]!
  if (value.representation !== 'i64' && value.representation !== 'f64' && value.representation !== 'msnanos')
    throw internalError(`a watermark cannot be of type ${value.type.kind}`)
  const test = value.isNull === 'false' ? '' : `!${value.isNull} && `
  builder.line(`if (${test}${ms} > watermark) watermark = ${ms}`)
}

function writeOutput(builder: KernelBuilder, { expression, slot, sink }: Computed): void {
  if (sink === undefined) {
    writeFixed(builder, slot, emit(builder, expression))
    return
  }
  const isNull = builder.name('n')
  builder.line(`let ${isNull} = true`)
  const name = builder.constant(sink)
  emitTo(builder, expression, { kind: 'sink', sink: name, isNull })
  builder.line(`if (${isNull}) (q${slot} ??= o${slot}.nullBytes())[count] = 1`)
  builder.line(`p${slot}[count + 1] = ${name}.length`)
}

function writeFixed(builder: KernelBuilder, slot: number, value: LocalValue): void {
  const setNull = `(q${slot} ??= o${slot}.nullBytes())[count] = 1`
  if (value.isNull === 'true') {
    builder.line(`${setNull.startsWith('(') ? ';' : ''}${setNull}`)
    return
  }
  const write = writeText(slot, value)
  builder.line(value.isNull === 'false' ? write : `if (${value.isNull}) ${setNull}; else { ${write} }`)
}

function writeText(slot: number, { representation, locals: [first, second], words }: LocalValue): string {
  if (words !== undefined)
    return `r${slot}[count << 1] = ${words[0]}; r${slot}[(count << 1) + 1] = ${words[1]}`
  if (representation === 'bool') return `p${slot}[count] = ${first} ? 1 : 0`
  return `p${slot}[count] = ${first}${second === undefined ? '' : `; r${slot}[count] = ${second}`}`
}
