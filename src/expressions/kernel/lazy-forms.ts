/**
 * Calls whose arguments are not all evaluated, or that look at NULL themselves. `value` forms make locals;
 * `target` forms hand a value on, so that strings need not be copied twice.
 */
import { compareText, type InlineContext } from '../../functions/index.ts'
import type { BoundExpression, Call } from '../bound-expression.ts'
import { argumentText } from './emit-call.ts'
import { emitIn } from './emit-in.ts'
import { anyNull, type KernelBuilder, type LocalValue } from './kernel-builder.ts'
import type { Target } from './target.ts'

export type Emit = (builder: KernelBuilder, expression: BoundExpression) => LocalValue
export type EmitTo = (builder: KernelBuilder, expression: BoundExpression, target: Target) => void

export type LazyForm =
  | { readonly kind: 'value'; emit(builder: KernelBuilder, call: Call, emit: Emit): LocalValue }
  | {
      readonly kind: 'target'
      emit(builder: KernelBuilder, call: Call, target: Target, emit: Emit, emitTo: EmitTo): void
    }

const booleanLocals = (call: Call, isNull: string, local: string): LocalValue => ({
  type: call.type,
  representation: 'bool',
  isNull,
  locals: [local],
})

/** AND stops at the first FALSE, OR at the first TRUE; a NULL on the way makes the end NULL. */
function emitJunction(builder: KernelBuilder, call: Call, emit: Emit, stop: boolean): LocalValue {
  const result = builder.name('t')
  const isNull = builder.name('n')
  builder.line(`let ${result} = ${stop}, ${isNull} = false`)
  const step = (at: number, nulls: readonly string[]): void => {
    const operand = call.arguments[at]
    if (operand === undefined) {
      builder.line(`${isNull} = ${nulls.length === 0 ? 'false' : nulls.join(' || ')}; ${result} = ${!stop}`)
      return
    }
    const value = emit(builder, operand)
    const seen = value.isNull === 'false' ? nulls : [...nulls, value.isNull]
    const decides = stop ? value.locals[0]! : `!${value.locals[0]}`
    const goesOn = value.isNull === 'false' ? `!(${decides})` : `${value.isNull} || !(${decides})`
    builder.block(`if (${goesOn})`, () => step(at + 1, seen))
  }
  step(0, [])
  return booleanLocals(call, isNull, result)
}

const truthTest = (text: (isNull: string, value: string) => string): LazyForm => ({
  kind: 'value',
  emit: (builder, call, emit) => {
    const value = emit(builder, call.arguments[0]!)
    return booleanLocals(call, 'false', builder.local('t', `(${text(value.isNull, value.locals[0]!)})`))
  },
})

function inlineContext(builder: KernelBuilder, call: Call): InlineContext {
  return {
    argumentTypes: call.arguments.map(argument => argument.type),
    resultType: call.type,
    constants: [],
    environment: builder.environment,
    constant: value => builder.constant(value),
    now: () => builder.now(),
  }
}

const distinctTest = (negated: boolean): LazyForm => ({
  kind: 'value',
  emit: (builder, call, emit) => {
    const [a, b] = call.arguments.map(argument => emit(builder, argument))
    const differ = compareText('<>', inlineContext(builder, call), argumentText(a!), argumentText(b!))
    const test = `(${a!.isNull} ? !${b!.isNull} : (${b!.isNull} || ${differ}))`
    return booleanLocals(call, 'false', builder.local('t', negated ? `!${test}` : test))
  },
})

const coalesce: LazyForm = {
  kind: 'target',
  emit: (builder, call, target, _, emitTo) => {
    const isNull = target.kind === 'sink' ? target.isNull : target.value.isNull
    const step = (at: number): void => {
      emitTo(builder, call.arguments[at]!, target)
      if (at + 1 < call.arguments.length) builder.block(`if (${isNull})`, () => step(at + 1))
    }
    builder.block('', () => step(0))
  },
}

const ifThenElse: LazyForm = {
  kind: 'target',
  emit: (builder, call, target, emit, emitTo) => {
    const [condition, yes, no] = call.arguments
    const value = emit(builder, condition!)
    const test = value.isNull === 'false' ? value.locals[0]! : `!${value.isNull} && ${value.locals[0]}`
    builder.block(`if (${test})`, () => emitTo(builder, yes!, target))
    builder.block('else', () => emitTo(builder, no!, target))
  },
}

const nullIf: LazyForm = {
  kind: 'value',
  emit: (builder, call, emit) => {
    const [a, b] = call.arguments.map(argument => emit(builder, argument))
    const same = compareText('=', inlineContext(builder, call), argumentText(a!), argumentText(b!))
    const equal = b!.isNull === 'false' ? same : `!${b!.isNull} && ${same}`
    const isNull = builder.local('n', a!.isNull === 'false' ? `(${equal})` : `(${a!.isNull} || (${equal}))`)
    return { type: call.type, representation: a!.representation, isNull, locals: a!.locals }
  },
}

const extreme = (operator: '<' | '>'): LazyForm => ({
  kind: 'value',
  emit: (builder, call, emit) => {
    const args = call.arguments.map(argument => emit(builder, argument))
    const nulls = anyNull(args)
    const context = inlineContext(builder, call)
    const best = builder.declare(call.type)
    const write = (): void => {
      const [first, ...rest] = args
      builder.line(
        `${best.locals.map((local, i) => `${local} = ${first!.locals[i]}`).join('; ')}; ${best.isNull} = false`,
      )
      for (const arg of rest) {
        const moves = best.locals.map((local, i) => `${local} = ${arg.locals[i]}`).join('; ')
        builder.line(`if (${compareText(operator, context, arg.locals, best.locals)}) { ${moves} }`)
      }
    }
    if (nulls !== 'true') builder.block(nulls === 'false' ? '' : `if (!(${nulls}))`, write)
    return best
  },
})

export const lazyForms: Readonly<Record<string, LazyForm | undefined>> = {
  AND: { kind: 'value', emit: (builder, call, emit) => emitJunction(builder, call, emit, false) },
  OR: { kind: 'value', emit: (builder, call, emit) => emitJunction(builder, call, emit, true) },
  'IS NULL': truthTest(isNull => isNull),
  'IS NOT NULL': truthTest(isNull => `!${isNull}`),
  'IS TRUE': truthTest((isNull, value) => `!${isNull} && ${value}`),
  'IS NOT TRUE': truthTest((isNull, value) => `${isNull} || !${value}`),
  'IS FALSE': truthTest((isNull, value) => `!${isNull} && !${value}`),
  'IS NOT FALSE': truthTest((isNull, value) => `${isNull} || ${value}`),
  'IS UNKNOWN': truthTest(isNull => isNull),
  'IS NOT UNKNOWN': truthTest(isNull => `!${isNull}`),
  'IS DISTINCT FROM': distinctTest(false),
  'IS NOT DISTINCT FROM': distinctTest(true),
  COALESCE: coalesce,
  IF: ifThenElse,
  NULLIF: nullIf,
  GREATEST: extreme('>'),
  LEAST: extreme('<'),
  IN: { kind: 'value', emit: emitIn },
}
