/**
 * Java's DateTimeFormatter patterns (DATE_FORMAT, TO_TIMESTAMP, FROM_UNIXTIME …), read once into a list of parts;
 * then times are printed to bytes and read from bytes without strings or dates in between.
 *
 * Letters: y u M L d D Q H h K k m s S n A a E G, zone letters X x Z (only where a zone is known), quoted text,
 * `''`, and [ ] around an optional end. Week-based letters (w W Y e c) and zone names (z V O v) are refused. Names
 * are English. Reading follows ResolverStyle.SMART: 31 February is the last of February; month 13 is an error.
 */
import { daysFromCivil, daysInMonth } from '../../types/index.ts'
import { invalidArgument } from '../runtime-errors.ts'

export type DateField =
  | 'year'
  | 'month'
  | 'day'
  | 'dayOfYear'
  | 'quarter'
  | 'hour'
  | 'hour12'
  | 'hourOfHalf'
  | 'hour24'
  | 'minute'
  | 'second'
  | 'nanos'
  | 'milliOfDay'

export type PatternPart =
  | { readonly kind: 'literal'; readonly text: string }
  /** `width` 0: as many digits as it has; `max`: digits read at most; `reserved`: digits the parts right after need. */
  | {
      readonly kind: 'number'
      readonly field: DateField
      readonly width: number
      readonly max: number
      reserved: number
    }
  /** Two digits of the year, 2000–2099. */
  | { readonly kind: 'shortYear' }
  | { readonly kind: 'fraction'; readonly digits: number }
  | { readonly kind: 'monthName'; readonly names: readonly string[] }
  | { readonly kind: 'weekday'; readonly names: readonly string[] }
  | { readonly kind: 'half' }
  | { readonly kind: 'era' }
  | { readonly kind: 'offset'; readonly letter: 'X' | 'x' | 'Z'; readonly count: number }
  | { readonly kind: 'optional'; readonly parts: readonly PatternPart[] }

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const short = (names: readonly string[]): string[] => names.map(name => name.slice(0, 3))
const narrow = (names: readonly string[]): string[] => names.map(name => name.slice(0, 1))
export const monthNames = months
export const weekdayNames = weekdays

const numberFields: Readonly<Record<string, readonly [field: DateField, maxCount: number]>> = {
  d: ['day', 2],
  D: ['dayOfYear', 3],
  H: ['hour', 2],
  h: ['hour12', 2],
  K: ['hourOfHalf', 2],
  k: ['hour24', 2],
  m: ['minute', 2],
  s: ['second', 2],
  n: ['nanos', 19],
  A: ['milliOfDay', 19],
}

const refuse = (pattern: string, what: string): never => {
  throw invalidArgument(
    'date pattern',
    `'${pattern}': ${what}`,
    'patterns are those of Java’s DateTimeFormatter',
  )
}

function byCount(pattern: string, names: readonly string[], count: number): readonly string[] {
  if (count === 5) return narrow(names)
  if (count > 5) return refuse(pattern, `too many letters in '${count}'`)
  return count === 4 ? names : short(names)
}

function partOf(pattern: string, letter: string, count: number): PatternPart {
  const known = numberFields[letter]
  if (known !== undefined) {
    const [field, maxCount] = known
    if (count > maxCount) refuse(pattern, `too many '${letter}'`)
    // One letter reads and prints as many digits as there are; two or more are a fixed width.
    return {
      kind: 'number',
      field,
      width: count === 1 ? 0 : count,
      max: count === 1 ? 19 : count,
      reserved: 0,
    }
  }
  switch (letter) {
    case 'y':
    case 'u':
      if (count === 2) return { kind: 'shortYear' }
      return {
        kind: 'number',
        field: 'year',
        width: count < 3 ? 0 : count,
        max: count < 3 ? 19 : count,
        reserved: 0,
      }
    case 'M':
    case 'L':
      if (count > 2) return { kind: 'monthName', names: byCount(pattern, months, count) }
      return {
        kind: 'number',
        field: 'month',
        width: count === 1 ? 0 : 2,
        max: count === 1 ? 19 : 2,
        reserved: 0,
      }
    case 'Q':
      if (count > 2) return refuse(pattern, 'quarter names are not supported')
      return { kind: 'number', field: 'quarter', width: count === 1 ? 0 : 2, max: count, reserved: 0 }
    case 'S':
      return count > 9 ? refuse(pattern, "too many 'S'") : { kind: 'fraction', digits: count }
    case 'E':
      return { kind: 'weekday', names: byCount(pattern, weekdays, count) }
    case 'a':
      return count > 1 ? refuse(pattern, "too many 'a'") : { kind: 'half' }
    case 'G':
      return { kind: 'era' }
    case 'X':
    case 'x':
    case 'Z':
      return count > 3 ? refuse(pattern, `too many '${letter}'`) : { kind: 'offset', letter, count }
    default:
      return refuse(pattern, `letter '${letter}' is not supported`)
  }
}

/** Throws MR_EXPR_ARGUMENT for a pattern that is none, or has letters not supported. */
export function parseDatePattern(pattern: string): readonly PatternPart[] {
  const stack: PatternPart[][] = [[]]
  const add = (part: PatternPart): void => {
    stack.at(-1)!.push(part)
  }
  for (let i = 0; i < pattern.length; ) {
    const letter = pattern[i]!
    if (/[a-zA-Z]/.test(letter)) {
      let end = i
      while (pattern[end] === letter) end++
      add(partOf(pattern, letter, end - i))
      i = end
    } else if (letter === "'") {
      const { text, next } = quoted(pattern, i + 1)
      add({ kind: 'literal', text })
      i = next
    } else if (letter === '[') {
      stack.push([])
      i++
    } else if (letter === ']') {
      if (stack.length === 1) refuse(pattern, "']' without '['")
      const parts = stack.pop()!
      add({ kind: 'optional', parts })
      i++
    } else {
      if (/[{}#]/.test(letter)) refuse(pattern, `'${letter}' is reserved`)
      add({ kind: 'literal', text: letter })
      i++
    }
  }
  while (stack.length > 1) {
    const parts = stack.pop()!
    add({ kind: 'optional', parts })
  }
  reserveDigits(stack[0]!)
  return stack[0]!
}

/** From behind an opening quote; two quotes are one. */
function quoted(pattern: string, start: number): { text: string; next: number } {
  if (pattern[start] === "'") return { text: "'", next: start + 1 }
  let text = ''
  for (let i = start; i < pattern.length; i++) {
    if (pattern[i] !== "'") text += pattern[i]
    else if (pattern[i + 1] === "'") text += pattern[i++]
    else return { text, next: i + 1 }
  }
  return refuse(pattern, 'a quote is not closed')
}

/** Adjacent numbers: a first one of any width leaves the digits that those of fixed width after it need. */
function reserveDigits(parts: readonly PatternPart[]): void {
  let after = 0
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i]!
    if (part.kind === 'number') {
      part.reserved = after
      after = part.width === 0 ? 0 : after + part.width
    } else if (part.kind === 'shortYear') after += 2
    else if (part.kind === 'fraction') after = 0
    else {
      after = 0
      if (part.kind === 'optional') reserveDigits(part.parts)
    }
  }
}

/** Epoch day of year, month and day as SMART resolves them; undefined when they are out of range. */
export function smartDays(year: number, month: number, day: number): number | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return undefined
  return daysFromCivil(year, month, Math.min(day, daysInMonth(year, month)))
}
