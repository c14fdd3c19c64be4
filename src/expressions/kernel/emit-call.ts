/**
 * Calls of functions by their specs: inline text, a per-row kernel, or the naive body on plain values. NULL
 * handling is here, so that bodies of `propagate` functions never see NULL.
 */
import {
  type ArgumentText,
  type CallContext,
  type Implementation,
  type InlineContext,
  type InlineImplementation,
  type KernelImplementation,
  type NaiveBody,
  representationOf,
} from '../../functions/index.ts'
import {
  ByteSink,
  bigintFromWords,
  decodeUtf8,
  isBinary,
  type LogicalType,
  type PlainValue,
} from '../../types/index.ts'
import { anyNull, type KernelBuilder, type LocalValue } from './kernel-builder.ts'
import { assignValue, type Target } from './target.ts'

export interface CallBody {
  readonly implementation: Implementation | undefined
  readonly naive: NaiveBody
  /** Whether the naive body takes NULLs. */
  readonly takesNulls: boolean
}

class KernelSlot {
  readonly f64 = new Float64Array(1)
  readonly i64 = new BigInt64Array(1)
  readonly i32 = new Int32Array(1)
}

/** The call's value in locals. */
export function emitCallBody(
  builder: KernelBuilder,
  body: CallBody,
  context: CallContext,
  args: readonly LocalValue[],
): LocalValue {
  const { implementation } = body
  const type = context.resultType
  if (!body.takesNulls && args.some(arg => arg.isNull === 'true')) return builder.nullValue(type)
  if (implementation?.kind === 'inline') {
    const nulls = anyNull(args)
    if (nulls === 'false' || implementation.total)
      return emitInline(builder, implementation, context, args, nulls)
  }
  if (representationOf(type) === 'bytes') return emitToScratch(builder, body, context, args)
  const value = builder.declare(type)
  emitCallTo(builder, body, context, args, { kind: 'locals', value })
  return value
}

function emitInline(
  builder: KernelBuilder,
  implementation: InlineImplementation,
  context: CallContext,
  args: readonly LocalValue[],
  nulls: string,
): LocalValue {
  const type = context.resultType
  const representation = representationOf(type)
  const words = implementation.emitWords?.(inlineContext(builder, context), args.map(argumentText))
  if (words !== undefined) {
    const lo = builder.local('l', words[0])
    const hi = builder.local('h', words[1])
    // The BigInt is made only where something asks for it.
    const locals = [`${builder.constant(bigintFromWords)}(${lo}, ${hi})`]
    return { type, representation, isNull: builder.local('n', nulls), locals, words: [lo, hi] }
  }
  const locals = inlineTexts(builder, implementation, context, args).map(text => builder.local('t', text))
  return { type, representation, isNull: builder.local('n', nulls), locals }
}

const inlineContext = (builder: KernelBuilder, context: CallContext): InlineContext => ({
  ...context,
  constant: value => builder.constant(value),
  now: () => builder.now(),
})

function inlineTexts(
  builder: KernelBuilder,
  implementation: InlineImplementation,
  context: CallContext,
  args: readonly LocalValue[],
): readonly string[] {
  const texts = implementation.emit(inlineContext(builder, context), args.map(argumentText))
  return typeof texts === 'string' ? [texts] : texts
}

export const argumentText = ({ locals, words }: LocalValue): ArgumentText =>
  words === undefined ? locals : Object.assign([...locals], { words })

/** Strings that are not written to an output column go to a sink of this call's own. */
function emitToScratch(
  builder: KernelBuilder,
  body: CallBody,
  context: CallContext,
  args: readonly LocalValue[],
): LocalValue {
  const sink = builder.instance(new ByteSink())
  const isNull = builder.name('n')
  builder.line(`let ${isNull} = true; ${sink}.length = 0`)
  emitCallTo(builder, body, context, args, { kind: 'sink', sink, isNull })
  const bytes = builder.local('b', `${sink}.bytes`)
  const end = builder.local('e', `${sink}.length`)
  return { type: context.resultType, representation: 'bytes', isNull, locals: [bytes, '0', end] }
}

/** Writes the call's value to a target that is NULL so far. */
export function emitCallTo(
  builder: KernelBuilder,
  body: CallBody,
  context: CallContext,
  args: readonly LocalValue[],
  target: Target,
): void {
  const { implementation } = body
  const write = (): void => {
    if (implementation?.kind === 'inline') {
      const locals = inlineTexts(builder, implementation, context, args)
      const representation = representationOf(context.resultType)
      assignValue(builder, target, { type: context.resultType, representation, isNull: 'false', locals })
    } else if (implementation?.kind === 'kernel')
      emitKernelCall(builder, implementation, context, args, target)
    else emitNaiveCall(builder, body, context, args, target)
  }
  const nulls = body.takesNulls ? 'false' : anyNull(args)
  if (nulls === 'true') return
  if (nulls === 'false') builder.block('', write)
  else builder.block(`if (!(${nulls}))`, write)
}

function emitKernelCall(
  builder: KernelBuilder,
  implementation: KernelImplementation,
  context: CallContext,
  args: readonly LocalValue[],
  target: Target,
): void {
  const body = builder.instance(implementation.make(context))
  const flat = args.flatMap(arg => arg.locals)
  if (implementation.result === 'sink') {
    emitSinkCall(builder, body, flat, implementation.nullable, target)
    return
  }
  const representation = representationOf(context.resultType)
  const value = { type: context.resultType, representation, isNull: 'false' }
  if (implementation.result === 'slot') {
    const slot = new KernelSlot()
    const name = builder.instance(slot)
    const call = `${body}(${[...flat, name].join(', ')})`
    const locals =
      representation === 'i64'
        ? [`${builder.instance(slot.i64)}[0]`]
        : representation === 'msnanos'
          ? [`${builder.instance(slot.f64)}[0]`, `${builder.instance(slot.i32)}[0]`]
          : [`${builder.instance(representation === 'i32' ? slot.i32 : slot.f64)}[0]`]
    builder.block(`if (${call} !== false)`, () => assignValue(builder, target, { ...value, locals }))
    return
  }
  const result = builder.local('r', `${body}(${flat.join(', ')})`)
  const assign = (): void => assignValue(builder, target, { ...value, locals: [result] })
  if (implementation.nullable) builder.block(`if (${result} !== null)`, assign)
  else assign()
}

function emitSinkCall(
  builder: KernelBuilder,
  body: string,
  flat: readonly string[],
  nullable: boolean,
  target: Target,
): void {
  if (target.kind === 'locals') {
    const sink = builder.instance(new ByteSink())
    const isNull = builder.name('n')
    builder.line(`let ${isNull} = true; ${sink}.length = 0`)
    emitSinkCall(builder, body, flat, nullable, { kind: 'sink', sink, isNull })
    const locals = [`${sink}.bytes`, '0', `${sink}.length`]
    assignValue(builder, target, { type: target.value.type, representation: 'bytes', isNull, locals })
    return
  }
  const call = `${body}(${[...flat, target.sink].join(', ')})`
  if (!nullable) {
    builder.line(`${call}; ${target.isNull} = false`)
    return
  }
  const mark = builder.local('m', `${target.sink}.length`)
  builder.line(`if (${call} === false) ${target.sink}.length = ${mark}; else ${target.isNull} = false`)
}

/** A local as a plain value. */
export function plainText(builder: KernelBuilder, value: LocalValue): string {
  const [first] = value.locals
  const text =
    value.representation === 'bytes'
      ? `${builder.constant(isBinary(value.type) ? sliceBytes : decodeUtf8)}(${value.locals.join(', ')})`
      : value.representation === 'msnanos'
        ? `[${value.locals.join(', ')}]`
        : first!
  return value.isNull === 'false' ? text : `(${value.isNull} ? null : ${text})`
}

const sliceBytes = (bytes: Uint8Array, start: number, end: number): Uint8Array => bytes.slice(start, end)

const appendPlain = (sink: ByteSink, value: PlainValue): void => {
  if (typeof value === 'string') sink.appendText(value)
  else sink.append(value as Uint8Array, 0, (value as Uint8Array).length)
}

function emitNaiveCall(
  builder: KernelBuilder,
  { naive }: CallBody,
  context: CallContext,
  args: readonly LocalValue[],
  target: Target,
): void {
  const list = args.map(arg => plainText(builder, arg)).join(', ')
  const result = builder.local('r', `${builder.constant(naive)}([${list}], ${builder.instance(context)})`)
  assignPlain(builder, target, result, context.resultType)
}

/** Assigns a plain value (or null) held by the local `result`. */
export function assignPlain(builder: KernelBuilder, target: Target, result: string, type: LogicalType): void {
  const representation = representationOf(type)
  builder.block(`if (${result} !== null)`, () => {
    if (representation !== 'bytes') {
      const locals = representation === 'msnanos' ? [`${result}[0]`, `${result}[1]`] : [result]
      assignValue(builder, target, { type, representation, isNull: 'false', locals })
    } else if (target.kind === 'sink') {
      builder.line(`${builder.constant(appendPlain)}(${target.sink}, ${result}); ${target.isNull} = false`)
    } else {
      const bytes = builder.local('b', `${builder.constant(plainBytes)}(${result})`)
      const locals = [bytes, '0', `${bytes}.length`]
      assignValue(builder, target, { type, representation, isNull: 'false', locals })
    }
  })
}

const plainBytes = (value: string | Uint8Array): Uint8Array =>
  typeof value === 'string' ? new TextEncoder().encode(value) : value
