import { MillraceError, parseError, type SourcePosition, type SourceText } from '../errors/index.ts'

export interface SubstitutedSource {
  /** The text to parse. It has the same lines as the original. */
  readonly source: SourceText
  /** Where a position of the substituted text lies in the original; inside a value, the whole `${NAME}`. */
  toOriginal(position: SourcePosition): SourcePosition
  /** The same error about the original text, so that it shows `${NAME}` and no value. */
  restore(error: MillraceError): MillraceError
}

/**
 * Replaces every `${NAME}` outside comments; `$${NAME}` stays as `${NAME}`. Inside a string or a back-ticked name,
 * quotes of the value are doubled, so that a value cannot end the string it stands in. Throws
 * MR_PARSE_MISSING_PARAM, MR_PARSE_PARAM_NAME and MR_PARSE_PARAM_VALUE (a line break) with the place in `source`.
 */
export function substituteParams(
  source: SourceText,
  lookup: (name: string) => string | undefined,
): SubstitutedSource {
  const original = source.text
  const edits: Edit[] = []
  let text = ''
  let copied = 0
  for (const { start, end, quote } of references(original)) {
    text += original.slice(copied, start)
    const value = parameterValue(source, start, end, quote, lookup)
    edits.push({ from: text.length, length: value.length, start, end })
    text += value
    copied = end
  }
  text += original.slice(copied)
  const toOriginal = (position: SourcePosition) => originalPosition(original, edits, position)
  return {
    source: { text, name: source.name },
    toOriginal,
    restore: error => restored(error, source, toOriginal),
  }
}

interface Reference {
  readonly start: number
  readonly end: number
  readonly quote: "'" | '`' | undefined
}

/** A replaced place: `from` and `length` in the new text, `start` and `end` in the original. */
interface Edit {
  readonly from: number
  readonly length: number
  readonly start: number
  readonly end: number
}

const referencePattern = /\$?\$\{[^}\n\r]*\}?/g
const pieces =
  /'[^']*(?:''[^']*)*'?|`[^`]*(?:``[^`]*)*`?|--[^\n\r]*|\/\*(?!\+)[\s\S]*?(?:\*\/|$)|\$?\$\{[^}\n\r]*\}?/g

function* references(text: string): Generator<Reference> {
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    const [first] = piece
    if (first === '$') yield { start: index, end: index + piece.length, quote: undefined }
    if (first !== "'" && first !== '`') continue
    for (const inner of piece.matchAll(referencePattern)) {
      const start = index + inner.index
      yield { start, end: start + inner[0].length, quote: first }
    }
  }
}

const validName = /^\$\{([A-Za-z_][\w.-]*)\}$/

function parameterValue(
  source: SourceText,
  start: number,
  end: number,
  quote: Reference['quote'],
  lookup: (name: string) => string | undefined,
): string {
  const reference = source.text.slice(start, end)
  if (reference.startsWith('$$')) return reference.slice(1)
  const fail = (code: string, message: string, hint: string): never => {
    throw parseError(code, message, { position: positionAt(source.text, start, end - start), source, hint })
  }
  const name = validName.exec(reference)?.[1]
  if (name === undefined)
    return fail(
      'MR_PARSE_PARAM_NAME',
      `'${reference}' is not a parameter`,
      'a name is letters, digits, _ . and -; a doubled $ keeps the text as it is',
    )
  const value = lookup(name)
  if (value === undefined)
    return fail(
      'MR_PARSE_MISSING_PARAM',
      `parameter ${name} has no value`,
      `give it with --param ${name}=value, or set the environment variable ${name}; a doubled $ keeps the text as it is`,
    )
  if (/[\n\r]/.test(value))
    return fail(
      'MR_PARSE_PARAM_VALUE',
      `the value of ${name} has a line break`,
      'values are one line of text',
    )
  return quote === undefined ? value : value.replaceAll(quote, quote + quote)
}

function originalPosition(
  text: string,
  edits: readonly Edit[],
  { offset, length }: SourcePosition,
): SourcePosition {
  const start = originalOffset(edits, offset, 'start')
  const end = originalOffset(edits, offset + length - 1, 'end') + 1
  return positionAt(text, start, Math.max(1, end - start))
}

/** Inside a value, the first or last character of its `${NAME}`. */
function originalOffset(edits: readonly Edit[], offset: number, side: 'start' | 'end'): number {
  let shift = 0
  for (const { from, length, start, end } of edits) {
    if (offset < from) break
    if (offset < from + length) return side === 'start' ? start : end - 1
    shift = end - (from + length)
  }
  return offset + shift
}

function positionAt(text: string, offset: number, length: number): SourcePosition {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/)
  return { offset, line: lines.length, column: lines.at(-1)!.length + 1, length }
}

function restored(
  error: MillraceError,
  source: SourceText,
  toOriginal: (position: SourcePosition) => SourcePosition,
): MillraceError {
  const { position } = error.details
  return new MillraceError(error.family, error.code, error.message, {
    ...error.details,
    source,
    position: position && toOriginal(position),
  })
}
