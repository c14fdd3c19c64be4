/**
 * One CSV record by RFC 4180 and the options of Flink's CSV format, character by character on bytes as Latin-1 text.
 * Quotes count only where a field begins; a doubled quote in quotes is one; behind a closing quote only blanks may
 * stand; a line end outside of quotes makes two records of it, which a payload may not hold.
 */

export interface CsvRules {
  /** As Latin-1 text of its UTF-8 bytes. */
  readonly delimiter: string
  /** Empty = no quoting. */
  readonly quote: string
  /** Empty = none. */
  readonly escapeWith: string
  readonly trimSpaces: boolean
}

export interface CsvField {
  readonly text: string
  readonly quoted: boolean
}

/** The fields of a record without its line end, or undefined when it is malformed. */
export function splitCsv(record: string, rules: CsvRules): CsvField[] | undefined {
  const fields: CsvField[] = []
  let rest = record
  for (;;) {
    const start = rules.trimSpaces ? rest.replace(/^ +/, '') : rest
    const isQuoted = rules.quote !== '' && start.startsWith(rules.quote)
    const taken = isQuoted ? takeQuoted(start.slice(1), rules) : takePlain(start, rules)
    if (taken === undefined) return undefined
    fields.push({ text: taken.text, quoted: isQuoted })
    if (taken.rest === '') return fields
    rest = taken.rest.slice(rules.delimiter.length)
  }
}

interface Taken {
  readonly text: string
  /** Empty, or what begins with the delimiter. */
  readonly rest: string
}

function takePlain(text: string, { delimiter, escapeWith, trimSpaces }: CsvRules): Taken | undefined {
  let value = ''
  let at = 0
  while (at < text.length && !text.startsWith(delimiter, at)) {
    if (text[at] === '\n' || text[at] === '\r') return undefined
    if (text[at] === escapeWith) {
      at++
      if (at === text.length) return undefined
    }
    value += text[at++]
  }
  return { text: trimSpaces ? value.replace(/ +$/, '') : value, rest: text.slice(at) }
}

function takeQuoted(text: string, { delimiter, quote, escapeWith }: CsvRules): Taken | undefined {
  let value = ''
  let at = 0
  for (; ; at++) {
    if (at >= text.length) return undefined
    const isLast = at === text.length - 1
    if (text[at] === escapeWith && !isLast) at++
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) break
      at++
    }
    value += text[at]
  }
  const rest = text.slice(at + 1).replace(/^ +/, '')
  // A blank may be the delimiter itself.
  const blanks = text.slice(at + 1, text.length - rest.length)
  if (delimiter === ' ' && blanks !== '') return { text: value, rest: blanks + rest }
  return rest === '' || rest.startsWith(delimiter) ? { text: value, rest } : undefined
}
