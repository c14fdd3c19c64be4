/**
 * SIMILAR TO patterns as regular expressions over the whole text: `%` any characters, `_` one character, and
 * `| * + ? {m,n} ( ) [ ]` as in regular expressions, with classes such as `[[:ALPHA:]]` and `[:DIGIT:]`.
 */
import { invalidArgument } from '../runtime-errors.ts'

const classNames: Readonly<Record<string, string>> = {
  ALPHA: 'a-zA-Z',
  UPPER: 'A-Z',
  LOWER: 'a-z',
  DIGIT: '0-9',
  ALNUM: 'a-zA-Z0-9',
  SPACE: ' ',
  WHITESPACE: '\\s',
}

export function similarRegex(pattern: string, escapeWith: string | undefined): RegExp {
  if (escapeWith !== undefined && [...escapeWith].length !== 1)
    throw invalidArgument('SIMILAR TO', `ESCAPE must be one character, not '${escapeWith}'`)
  const characters = [...pattern]
  let text = ''
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!
    if (character === escapeWith) text += literal(characters[++i] ?? '')
    else if (character === '%') text += '[^]*'
    else if (character === '_') text += '[^]'
    else if (character === '[') {
      const { body, next } = bracket(characters, i + 1, escapeWith, pattern)
      text += body
      i = next
    } else text += /[|*+?{}(),]/.test(character) ? character : literal(character)
  }
  try {
    return new RegExp(`^(?:${text})$`, 'u')
  } catch {
    throw invalidArgument('SIMILAR TO', `'${pattern}' is no pattern`)
  }
}

const literal = (character: string): string =>
  /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character

/** From behind `[` to its `]`. */
function bracket(
  characters: readonly string[],
  start: number,
  escapeWith: string | undefined,
  pattern: string,
): { body: string; next: number } {
  const named = /^:([A-Za-z]+):\]/.exec(characters.slice(start).join(''))
  if (named !== null) {
    const members = classNames[named[1]!.toUpperCase()]
    if (members === undefined) throw invalidArgument('SIMILAR TO', `no character class [:${named[1]}:]`)
    return { body: `[${members}]`, next: start + named[0].length - 1 }
  }
  let body = '['
  for (let i = start; i < characters.length; i++) {
    const character = characters[i]!
    if (character === ']') return { body: `${body}]`, next: i }
    if (character === '[') {
      const inner = bracket(characters, i + 1, escapeWith, pattern)
      body += inner.body.slice(1, -1)
      i = inner.next
    } else if (character === escapeWith) body += literal(characters[++i] ?? '')
    else body += character === '\\' ? '\\\\' : character
  }
  throw invalidArgument('SIMILAR TO', `a bracket of '${pattern}' is not closed`)
}
