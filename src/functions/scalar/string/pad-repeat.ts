/** LPAD, RPAD, REPEAT, REVERSE. */
import type { PlainValue } from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import { invalidArgument } from '../../runtime-errors.ts'

/** Beyond this a result is a mistake, not a text. */
const MAX_CHARACTERS = 10_000_000

function pad(name: string, [text, length, filler]: readonly PlainValue[], isLeft: boolean): PlainValue {
  const wanted = length as number
  if (wanted < 0 || filler === '') return null
  if (wanted > MAX_CHARACTERS) throw invalidArgument(name, `a length of ${wanted} characters is too large`)
  const characters = [...(text as string)]
  if (characters.length >= wanted) return characters.slice(0, wanted).join('')
  const fill = [...(filler as string)]
  const missing = wanted - characters.length
  const padding =
    fill.join('').repeat(Math.floor(missing / fill.length)) + fill.slice(0, missing % fill.length).join('')
  return isLeft ? padding + (text as string) : (text as string) + padding
}

const padSpec = (name: 'LPAD' | 'RPAD', examples: ScalarSpec['examples']): ScalarSpec => ({
  names: [name],
  signatures: ['(STRING, INT, STRING) -> STRING'],
  nulls: 'propagate',
  nullability: 'always',
  naive: args => pad(name, args, name === 'LPAD'),
  doc: `The text padded ${name === 'LPAD' ? 'on the left' : 'on the right'} with the third argument to n characters, or cut to n. A negative n or an empty padding gives NULL.`,
  examples,
})

export const lpad = padSpec('LPAD', [
  { sql: "LPAD('hi', 4, '??')", result: "'??hi'" },
  { sql: "LPAD('hi', 1, '??')", result: "'h'" },
  { sql: "LPAD('hi', -1, '?')", result: 'CAST(NULL AS STRING)' },
])
export const rpad = padSpec('RPAD', [
  { sql: "RPAD('hi', 5, 'ab')", result: "'hiaba'" },
  { sql: "RPAD('hi', 5, '')", result: 'CAST(NULL AS STRING)' },
])

export const repeat: ScalarSpec = {
  names: ['REPEAT'],
  signatures: ['(STRING, INT) -> STRING'],
  nulls: 'propagate',
  naive: ([text, count]) => {
    if ((text as string).length * (count as number) > MAX_CHARACTERS)
      throw invalidArgument('REPEAT', `${count} times is too much`)
    return (text as string).repeat(Math.max(0, count as number))
  },
  doc: 'The text n times; empty when n is not positive.',
  examples: [
    { sql: "REPEAT('ab', 3)", result: "'ababab'" },
    { sql: "REPEAT('ab', -3)", result: "''" },
  ],
}

export const reverse: ScalarSpec = {
  names: ['REVERSE'],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  naive: ([text]) => [...(text as string)].reverse().join(''),
  doc: 'The characters in reverse order.',
  examples: [{ sql: "REVERSE('aé😀')", result: "'😀éa'" }],
}
