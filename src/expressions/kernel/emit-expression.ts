/** Bound expressions as kernel text: every expression becomes locals, or is written to a target. */
import { internalError } from '../../errors/index.ts'
import { type CallContext, castBody, representationOf, scalarSpec, wordsOf } from '../../functions/index.ts'
import { encodeUtf8, type LogicalType } from '../../types/index.ts'
import type { BoundExpression, Call, Case, Cast, InputRef, Literal } from '../bound-expression.ts'
import { isDeterministic } from '../determinism.ts'
import { plainOfLiteral } from '../literal-value.ts'
import { type CallBody, emitCallBody, emitCallTo } from './emit-call.ts'
import type { KernelBuilder, LocalValue } from './kernel-builder.ts'
import { lazyForms } from './lazy-forms.ts'
import { assignValue, type Target } from './target.ts'

/** The expression's value in locals of the current block. The same deterministic expression is computed once. */
export function emit(builder: KernelBuilder, expression: BoundExpression): LocalValue {
  const known = builder.known(expression)
  if (known !== undefined) return known
  const value = emitNew(builder, expression)
  if (isDeterministic(expression)) builder.remember(expression, value)
  return value
}

function emitNew(builder: KernelBuilder, expression: BoundExpression): LocalValue {
  switch (expression.kind) {
    case 'InputRef':
      return emitInput(builder, expression)
    case 'Literal':
      return emitLiteral(builder, expression)
    case 'Case':
      return toLocals(builder, expression)
    case 'Cast': {
      const operand = emit(builder, expression.operand)
      if (isSameRepresentation(expression)) return { ...operand, type: expression.type }
      return emitCallBody(builder, castCall(expression), castContext(builder, expression), [operand])
    }
    case 'Call': {
      const lazy = lazyForms[expression.function]
      if (lazy !== undefined)
        return lazy.kind === 'value' ? lazy.emit(builder, expression, emit) : toLocals(builder, expression)
      const args = expression.arguments.map(argument => emit(builder, argument))
      return emitCallBody(builder, callBody(builder, expression), callContext(builder, expression), args)
    }
  }
}

/** Writes the expression's value to a target that is NULL so far. */
export function emitTo(builder: KernelBuilder, expression: BoundExpression, target: Target): void {
  const known = builder.known(expression)
  if (known !== undefined) {
    assignValue(builder, target, known)
    return
  }
  if (expression.kind === 'Case') {
    emitCase(builder, expression, target, 0)
    return
  }
  if (expression.kind === 'Call') {
    const lazy = lazyForms[expression.function]
    if (lazy?.kind === 'target') {
      lazy.emit(builder, expression, target, emit, emitTo)
      return
    }
    if (lazy === undefined) {
      const args = expression.arguments.map(argument => emit(builder, argument))
      emitCallTo(builder, callBody(builder, expression), callContext(builder, expression), args, target)
      return
    }
  }
  if (expression.kind === 'Cast' && !isSameRepresentation(expression)) {
    const operand = emit(builder, expression.operand)
    emitCallTo(builder, castCall(expression), castContext(builder, expression), [operand], target)
    return
  }
  assignValue(builder, target, emit(builder, expression))
}

function toLocals(builder: KernelBuilder, expression: BoundExpression): LocalValue {
  const value = builder.declare(expression.type)
  emitTo(builder, expression, { kind: 'locals', value })
  return value
}

function emitInput(builder: KernelBuilder, { index, type }: InputRef): LocalValue {
  builder.inputs.set(index, type)
  const representation = representationOf(type)
  const isNull = builder.local('n', `z${index}[i] !== 0`)
  // Read where it is used: most uses take the words.
  if (representation === 'i64')
    return {
      type,
      representation,
      isNull,
      locals: [`v${index}[i]`],
      words: [`w${index}[i << 1]`, `w${index}[(i << 1) + 1]`],
    }
  const locals = inputTexts(representation, index).map((text, part) =>
    representation === 'bytes' && part === 0 ? text : builder.local('x', text),
  )
  return { type, representation, isNull, locals }
}

function inputTexts(representation: LocalValue['representation'], index: number): readonly string[] {
  switch (representation) {
    case 'bool':
      return [`v${index}[i] !== 0`]
    case 'i32':
    case 'f64':
    case 'object':
      return [`v${index}[i]`]
    case 'i64':
      return []
    case 'msnanos':
      return [`v${index}[i]`, `w${index}[i]`]
    case 'bytes':
      return [`v${index}`, `w${index}[i]`, `w${index}[i + 1]`]
  }
}

function emitLiteral(builder: KernelBuilder, literal: Literal): LocalValue {
  const plain = plainOfLiteral(literal)
  if (plain === null) return builder.nullValue(literal.type)
  const representation = representationOf(literal.type)
  const value = { type: literal.type, representation, isNull: 'false', constant: plain }
  if (representation === 'bytes') {
    const bytes = typeof plain === 'string' ? encodeUtf8(plain) : (plain as Uint8Array)
    return { ...value, locals: [builder.instance(bytes), '0', builder.instance(bytes.length)] }
  }
  if (representation === 'msnanos') {
    const [ms, nanos] = plain as readonly [number, number]
    return { ...value, locals: [builder.instance(ms), builder.instance(nanos)] }
  }
  const locals = [builder.instance(plain)]
  if (representation !== 'i64') return { ...value, locals }
  const [lo, hi] = wordsOf(plain as bigint)
  return { ...value, locals, words: [builder.instance(lo), builder.instance(hi)] }
}

function emitCase(builder: KernelBuilder, expression: Case, target: Target, at: number): void {
  const branch = expression.branches[at]
  if (branch === undefined) {
    emitTo(builder, expression.otherwise, target)
    return
  }
  const when = emit(builder, branch.when)
  builder.block(`if (${isTrue(when)})`, () => emitTo(builder, branch.then, target))
  builder.block('else', () => emitCase(builder, expression, target, at + 1))
}

/** Text of "this BOOLEAN is TRUE". */
export function isTrue(value: LocalValue): string {
  if (value.isNull === 'false') return value.locals[0]!
  return value.isNull === 'true' ? 'false' : `!${value.isNull} && ${value.locals[0]}`
}

const constantOf = (expression: BoundExpression) =>
  expression.kind === 'Literal' ? plainOfLiteral(expression) : undefined

export function callContext(builder: KernelBuilder, { arguments: list, type }: Call): CallContext {
  return {
    argumentTypes: list.map(argument => argument.type),
    resultType: type,
    constants: list.map(constantOf),
    environment: builder.environment,
  }
}

function callBody(builder: KernelBuilder, call: Call): CallBody {
  const spec = scalarSpec(call.function)
  if (spec === undefined) throw internalError(`no function named ${call.function}`)
  return {
    implementation: spec.implement?.(callContext(builder, call)),
    naive: spec.naive,
    takesNulls: spec.nulls !== 'propagate',
  }
}

function castContext(builder: KernelBuilder, { operand, type }: Cast): CallContext {
  return {
    argumentTypes: [operand.type],
    resultType: type,
    constants: [constantOf(operand)],
    environment: builder.environment,
  }
}

const castCall = ({ operand, type, safe }: Cast): CallBody => ({
  ...castBody(operand.type, type, safe),
  takesNulls: false,
})

/** Casts that change nothing in memory: nullability, VARCHAR(n) to STRING. */
const isSameRepresentation = ({ operand, type }: Cast): boolean => isUnchangedCast(operand.type, type)

function isUnchangedCast(from: LogicalType, to: LogicalType): boolean {
  return castBody(from, to, false).unchanged
}
