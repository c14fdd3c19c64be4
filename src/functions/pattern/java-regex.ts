/**
 * Java regular expressions as JavaScript ones. What means the same in both is kept, what differs is rewritten
 * (`\s`, `$`, `\Z`, `\Q…\E`, POSIX classes, leading flags …), and what JavaScript cannot do is refused with its
 * name: possessive quantifiers, atomic groups, class intersections, `\G`, flags in the middle. Never guessed.
 */
import { type MillraceError, runtimeFailure } from '../../errors/index.ts'
import { shortened } from '../runtime-errors.ts'

const refused = (pattern: string, what: string): MillraceError =>
  runtimeFailure('MR_EXPR_REGEX', `regular expression '${shortened(pattern)}': ${what}`, {
    hint: 'Java regular expressions are translated to JavaScript ones; write the pattern without this',
  })

/** Members of the class, for use inside and outside brackets. */
const classes: Readonly<Record<string, string>> = {
  s: ' \\t\\n\\v\\f\\r',
  h: ' \\t\\u{A0}\\u{1680}\\u{180E}\\u{2000}-\\u{200A}\\u{202F}\\u{205F}\\u{3000}',
  v: '\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}',
}
const asciiClasses: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\u{0}-\\u{7F}',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\u{0}-\\u{1F}\\u{7F}',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\v\\f\\r',
}
const binaryProperties = new Set([
  'Alphabetic',
  'Ideographic',
  'Lowercase',
  'Uppercase',
  'White_Space',
  'Emoji',
])
const LINE_END = '\\n\\r\\u{85}\\u{2028}\\u{2029}'
const END_OF_INPUT = '(?![^])'
const LAST_LINE_END = `(?=(?:\\r\\n|[${LINE_END}])?${END_OF_INPUT})`

class Translator {
  readonly #pattern: string
  readonly #characters: readonly string[]
  #at = 0
  #flags = 'u'
  #out = ''

  constructor(pattern: string) {
    this.#pattern = pattern
    this.#characters = [...pattern]
  }

  translate(extraFlags: string): RegExp {
    this.#leadingFlags()
    while (this.#at < this.#characters.length) this.#element()
    try {
      return new RegExp(this.#out, this.#flags + extraFlags)
    } catch (cause) {
      throw refused(this.#pattern, cause instanceof Error ? cause.message.replace(/^.*: /, '') : 'invalid')
    }
  }

  #looking(text: string): boolean {
    return this.#characters.slice(this.#at, this.#at + text.length).join('') === text
  }

  #leadingFlags(): void {
    const match = /^\(\?([a-zA-Z]+)\)/.exec(this.#pattern)
    if (match === null) return
    for (const flag of match[1]!) {
      if (flag === 'i' || flag === 'm' || flag === 's') this.#flags += flag
      else if (flag !== 'u') throw refused(this.#pattern, `flag (?${flag}) is not supported`)
    }
    this.#at = match[0].length
  }

  #element(): void {
    const character = this.#characters[this.#at++]!
    switch (character) {
      case '\\':
        this.#out += this.#escape(false)
        return
      case '[':
        this.#out += this.#class()
        return
      case '(':
        this.#group()
        return
      case '.':
        this.#out += this.#flags.includes('s') ? '[^]' : `[^${LINE_END}]`
        return
      case '$':
        this.#out += this.#flags.includes('m') ? '$' : LAST_LINE_END
        return
      case '*':
      case '+':
      case '?':
      case '}':
        this.#quantifier(character)
        return
      case ']':
        this.#out += '\\]'
        return
      default:
        this.#out += character
    }
  }

  #quantifier(character: string): void {
    const isBrace = character === '}'
    if (isBrace && !/\{\d+(?:,\d*)?$/.test(this.#out)) {
      this.#out += '\\}'
      return
    }
    this.#out += character
    if (this.#looking('+'))
      throw refused(this.#pattern, `possessive quantifier '${character}+' is not supported`)
    if (this.#looking('?')) {
      this.#out += '?'
      this.#at++
    }
  }

  #group(): void {
    this.#out += '('
    if (!this.#looking('?')) return
    const rest = this.#characters.slice(this.#at, this.#at + 4).join('')
    if (/^\?(?::|=|!|<=|<!|<[a-zA-Z])/.test(rest)) return
    if (rest.startsWith('?>')) throw refused(this.#pattern, 'atomic group (?>…) is not supported')
    throw refused(this.#pattern, `'(${rest}' is not supported: flags may stand at the very beginning only`)
  }

  /** What follows a backslash. Inside brackets only members of a class may come out. */
  #escape(inClass: boolean): string {
    const character = this.#characters[this.#at++]
    if (character === undefined) throw refused(this.#pattern, 'it ends with a backslash')
    const members = classes[character]
    if (members !== undefined) return inClass ? members : `[${members}]`
    switch (character) {
      case 'S':
      case 'H':
      case 'V': {
        if (inClass) throw refused(this.#pattern, `\\${character} inside brackets is not supported`)
        return `[^${classes[character.toLowerCase()]}]`
      }
      case 'Q':
        return this.#quoted()
      case 'p':
      case 'P':
        return this.#property(character, inClass)
      case 'x':
        return this.#hexadecimal()
      case '0':
        return this.#octal()
      case 'a':
        return '\\u{7}'
      case 'e':
        return '\\u{1B}'
      case 'A':
        return '(?<![^])'
      case 'z':
        return END_OF_INPUT
      case 'Z':
        return LAST_LINE_END
      case 'R':
        return `(?:\\r\\n|[${LINE_END}\\v\\f])`
    }
    if (/[dDwWbBntrfk1-9cu]/.test(character)) return `\\${character}`
    if (/[a-zA-Z]/.test(character)) throw refused(this.#pattern, `\\${character} is not supported`)
    return quoteCharacter(character)
  }

  #quoted(): string {
    let text = ''
    while (this.#at < this.#characters.length && !this.#looking('\\E'))
      text += quoteCharacter(this.#characters[this.#at++]!)
    this.#at += 2
    return text
  }

  #property(letter: string, inClass: boolean): string {
    let name = this.#characters[this.#at++] ?? ''
    if (name === '{') {
      const end = this.#characters.indexOf('}', this.#at)
      name = this.#characters.slice(this.#at, end).join('')
      this.#at = end + 1
    }
    const ascii = asciiClasses[name]
    if (ascii !== undefined) {
      if (inClass && letter === 'P')
        throw refused(this.#pattern, `\\P{${name}} inside brackets is not supported`)
      return inClass ? ascii : `[${letter === 'P' ? '^' : ''}${ascii}]`
    }
    const plain = name.replace(/^Is/, '')
    if (
      /^(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?)$/.test(plain) ||
      binaryProperties.has(plain)
    )
      return `\\${letter}{${plain}}`
    if (name.startsWith('Is')) return `\\${letter}{Script=${plain}}`
    throw refused(this.#pattern, `property \\${letter}{${name}} is not supported`)
  }

  #hexadecimal(): string {
    const match = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(
      this.#characters.slice(this.#at, this.#at + 10).join(''),
    )
    if (match === null) throw refused(this.#pattern, '\\x needs two hexadecimal digits')
    this.#at += match[0].length
    return `\\u{${match[1] ?? match[2]}}`
  }

  #octal(): string {
    const match = /^(?:[0-3][0-7]{2}|[0-7]{1,2})/.exec(
      this.#characters.slice(this.#at, this.#at + 3).join(''),
    )
    if (match === null) throw refused(this.#pattern, '\\0 needs octal digits')
    this.#at += match[0].length
    return `\\u{${Number.parseInt(match[0], 8).toString(16)}}`
  }

  #class(): string {
    let text = '['
    if (this.#looking('^')) {
      text += '^'
      this.#at++
    }
    for (let first = true; ; first = false) {
      const character = this.#characters[this.#at++]
      if (character === undefined) throw refused(this.#pattern, 'a bracket is not closed')
      if (character === ']' && !first) return `${text}]`
      if (character === '[') throw refused(this.#pattern, 'brackets inside brackets are not supported')
      if (character === '&' && this.#looking('&'))
        throw refused(this.#pattern, "'&&' inside brackets is not supported")
      if (character === '\\') text += this.#escape(true)
      else text += character === ']' ? '\\]' : character
    }
  }
}

const quoteCharacter = (character: string): string =>
  /[\^$\\.*+?()[\]{}|/-]/.test(character) ? (character === '-' ? '\\u{2D}' : `\\${character}`) : character

/** Throws MR_EXPR_REGEX. `extraFlags`: 'g', 'y'. */
export const javaRegex = (pattern: string, extraFlags = ''): RegExp =>
  new Translator(pattern).translate(extraFlags)
