/** TRIM, LTRIM, RTRIM, BTRIM: characters of a set (blanks by default) taken off the ends. */
import type { ByteSink } from '../../../types/index.ts'
import { type CallContext, type Implementation, kernel, type ScalarSpec } from '../../function-spec.ts'
import { constantText } from '../../pattern/pattern-cache.ts'

type Side = 'BOTH' | 'LEADING' | 'TRAILING'

function trimText(text: string, characters: string, side: Side): string {
  const set = new Set(characters)
  const list = [...text]
  let start = 0
  let end = list.length
  if (side !== 'TRAILING') while (start < end && set.has(list[start]!)) start++
  if (side !== 'LEADING') while (end > start && set.has(list[end - 1]!)) end--
  return list.slice(start, end).join('')
}

/** On bytes when the set is a constant of ASCII characters: these are never parts of other characters. */
function trimKernel(
  call: CallContext,
  textAt: number,
  set: string | undefined,
  side: Side,
): Implementation | undefined {
  if (set === undefined || !/^[\0-\x7f]*$/.test(set)) return undefined
  const members = new Uint8Array(256)
  for (const character of set) members[character.charCodeAt(0)] = 1
  const trim = (bytes: Uint8Array, start: number, end: number, out: ByteSink): void => {
    if (side !== 'TRAILING') while (start < end && members[bytes[start]!] === 1) start++
    if (side !== 'LEADING') while (end > start && members[bytes[end - 1]!] === 1) end--
    out.append(bytes, start, end)
  }
  const isOnly = call.argumentTypes.length === 1
  return kernel('sink', () => {
    if (isOnly) return trim
    // The flattened arguments before the text, and those after it, are constants.
    return textAt === 0
      ? (b: Uint8Array, s: number, e: number, _b: Uint8Array, _s: number, _e: number, out: ByteSink) =>
          trim(b, s, e, out)
      : (...flat: unknown[]) =>
          trim(flat[6] as Uint8Array, flat[7] as number, flat[8] as number, flat[9] as ByteSink)
  })
}

/** TRIM(side, characters, text): the form of `TRIM(BOTH 'x' FROM s)` and of `TRIM(s)`. */
export const trim: ScalarSpec = {
  names: ['TRIM'],
  signatures: ['(STRING, STRING, STRING) -> STRING', '(STRING) -> STRING'],
  nulls: 'propagate',
  implement: call => {
    if (call.argumentTypes.length === 1) return trimKernel(call, 0, ' ', 'BOTH')
    const side = constantText(call, 0) as Side | undefined
    return side === undefined ? undefined : trimKernel(call, 2, constantText(call, 1), side)
  },
  naive: args =>
    args.length === 1
      ? trimText(args[0] as string, ' ', 'BOTH')
      : trimText(args[2] as string, args[1] as string, args[0] as Side),
  doc: 'The text without the given characters (blanks by default) at both ends, its start or its end.',
  examples: [
    { sql: "TRIM('  ab ')", result: "'ab'" },
    { sql: "TRIM(LEADING 'x' FROM 'xxaxx')", result: "'axx'" },
    { sql: "TRIM(TRAILING 'xy' FROM 'axyx')", result: "'a'" },
    { sql: "TRIM(BOTH 'é' FROM 'éaé')", result: "'a'" },
  ],
}

const oneSided = (name: string, side: Side, examples: ScalarSpec['examples']): ScalarSpec => ({
  names: [name],
  signatures: ['(STRING) -> STRING', '(STRING, STRING) -> STRING'],
  nulls: 'propagate',
  implement: call => trimKernel(call, 0, call.argumentTypes.length === 1 ? ' ' : constantText(call, 1), side),
  naive: ([text, set]) => trimText(text as string, (set as string | undefined) ?? ' ', side),
  doc: `The text without the characters of the second argument (blanks by default) at ${side === 'BOTH' ? 'both ends' : side === 'LEADING' ? 'its start' : 'its end'}.`,
  examples,
})

export const ltrim = oneSided('LTRIM', 'LEADING', [
  { sql: "LTRIM('  ab ')", result: "'ab '" },
  { sql: "LTRIM('xyab', 'yx')", result: "'ab'" },
])
export const rtrim = oneSided('RTRIM', 'TRAILING', [
  { sql: "RTRIM(' ab  ')", result: "' ab'" },
  { sql: "RTRIM('ab00', '0')", result: "'ab'" },
])
export const btrim = oneSided('BTRIM', 'BOTH', [
  { sql: "BTRIM('  ab ')", result: "'ab'" },
  { sql: "BTRIM('-ab-', '-')", result: "'ab'" },
])
