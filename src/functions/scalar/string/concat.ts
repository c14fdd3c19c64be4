/** `||`, CONCAT and CONCAT_WS. */
import type { ByteSink, PlainValue } from '../../../types/index.ts'
import { bytesType, isBinary, isCharacter, stringType } from '../../../types/index.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

function appendTwo(
  a: Uint8Array,
  as: number,
  ae: number,
  b: Uint8Array,
  bs: number,
  be: number,
  out: ByteSink,
): void {
  out.append(a, as, ae)
  out.append(b, bs, be)
}

/** Arguments come as bytes, start, end, bytes, start, end, …, sink. */
function appendAll(...flat: (Uint8Array | number | ByteSink)[]): void {
  const out = flat.at(-1) as ByteSink
  for (let i = 0; i + 2 < flat.length; i += 3)
    out.append(flat[i] as Uint8Array, flat[i + 1] as number, flat[i + 2] as number)
}

const joined = (parts: readonly PlainValue[]): PlainValue => {
  if (parts.every(part => typeof part === 'string')) return parts.join('')
  const bytes = parts as readonly Uint8Array[]
  return new Uint8Array(Buffer.concat(bytes))
}

export const concat: ScalarSpec = {
  names: ['CONCAT', '||'],
  signatures: ['(STRING...) -> STRING', '(BYTES...) -> BYTES'],
  inferArguments: args => {
    const types = args.map(arg => arg.type)
    if (types.length === 0) return undefined
    const wanted = types.some(isBinary) ? bytesType : stringType
    const accepts = types.some(isBinary) ? isBinary : isCharacter
    if (!types.every(type => accepts(type) || type.kind === 'NULL')) return undefined
    return types.map(type => (type.kind === 'NULL' ? wanted() : type))
  },
  inferReturn: args => (args.some(arg => isBinary(arg.type)) ? bytesType() : stringType()),
  nulls: 'propagate',
  implement: ({ argumentTypes }) =>
    kernel('sink', () => (argumentTypes.length === 2 ? appendTwo : appendAll)),
  naive: joined,
  doc: 'The texts one after the other; NULL when one is NULL.',
  examples: [
    { sql: "CONCAT('a', 'b', 'c')", result: "'abc'" },
    { sql: "'x' || 'y'", result: "'xy'" },
    { sql: "'x' || CAST(NULL AS STRING)", result: 'CAST(NULL AS STRING)' },
  ],
}

export const concatWs: ScalarSpec = {
  names: ['CONCAT_WS'],
  signatures: ['(STRING, STRING...) -> STRING'],
  nulls: 'custom',
  nullability: args => args[0]!.type.nullable,
  naive: ([separator, ...parts]) =>
    separator === null ? null : parts.filter(part => part !== null).join(separator as string),
  doc: 'The texts that are not NULL, joined by the first argument.',
  examples: [
    { sql: "CONCAT_WS('~', 'a', CAST(NULL AS STRING), '', 'd')", result: "'a~~d'" },
    { sql: "CONCAT_WS(CAST(NULL AS STRING), 'a')", result: 'CAST(NULL AS STRING)' },
  ],
}
