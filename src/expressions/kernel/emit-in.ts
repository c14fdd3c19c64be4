/** IN: constants are looked up in a set, other items compared one after the other until one matches. */
import { booleanType, encodeUtf8, type PlainValue } from '../../types/index.ts'
import type { Call, Literal } from '../bound-expression.ts'
import { plainOfLiteral } from '../literal-value.ts'
import { ByteSet } from './byte-set.ts'
import type { KernelBuilder, LocalValue } from './kernel-builder.ts'
import type { Emit } from './lazy-forms.ts'

const setRepresentations: ReadonlySet<string> = new Set(['i32', 'f64', 'i64', 'bytes'])

export function emitIn(builder: KernelBuilder, call: Call, emit: Emit): LocalValue {
  const [operand, ...items] = call.arguments
  const value = emit(builder, operand!)
  if (items.every(item => item.kind === 'Literal') && setRepresentations.has(value.representation))
    return emitLookup(builder, call, value, (items as readonly Literal[]).map(plainOfLiteral))
  const equals = items.map(
    (item): Call => ({
      kind: 'Call',
      function: '=',
      arguments: [operand!, item],
      type: booleanType(),
    }),
  )
  return emit(builder, { kind: 'Call', function: 'OR', arguments: equals, type: call.type })
}

function emitLookup(
  builder: KernelBuilder,
  call: Call,
  value: LocalValue,
  constants: readonly PlainValue[],
): LocalValue {
  // NaN equals nothing, but a Set would find it.
  const items = constants.filter(item => item !== null && !Number.isNaN(item))
  const set =
    value.representation === 'bytes'
      ? new ByteSet(items.map(item => (typeof item === 'string' ? encodeUtf8(item) : (item as Uint8Array))))
      : new Set(items)
  const found = `${builder.instance(set)}.has(${value.locals.join(', ')})`
  const guarded = value.isNull === 'false' ? found : `!${value.isNull} && ${found}`
  const result = builder.local('t', `(${guarded})`)
  const nulls = [
    value.isNull,
    ...(items.length < constants.filter(item => !Number.isNaN(item)).length ? [`!${result}`] : []),
  ]
  const isNull = nulls.filter(text => text !== 'false').join(' || ')
  return {
    type: call.type,
    representation: 'bool',
    isNull: isNull === '' ? 'false' : builder.local('n', `(${isNull})`),
    locals: [result],
  }
}
