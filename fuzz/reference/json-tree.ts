/**
 * A JSON text as a tree that keeps what JSON.parse loses: digits of numbers and the text of every value. JSON.parse
 * and TextDecoder decide what is well formed; this only walks what they accepted.
 */

export type JsonNode =
  | { readonly kind: 'null' | 'true' | 'false'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string; readonly value: string }
  | { readonly kind: 'array'; readonly text: string; readonly items: readonly JsonNode[] }
  | {
      readonly kind: 'object'
      readonly text: string
      readonly members: readonly (readonly [string, JsonNode])[]
    }

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const token = /[ \t\r\n]*([{}[\],:]|"(?:[^"\\]|\\[\s\S])*"|[^ \t\r\n{}[\],:"]+)/y

/** Flink's JSON format takes control characters in strings as they are; JSON.parse wants them escaped. */
const escapeControls = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, literal =>
    literal.replace(/\\[\s\S]|[\0-\x1f]/g, piece =>
      piece.length === 1 ? `\\u${piece.charCodeAt(0).toString(16).padStart(4, '0')}` : piece,
    ),
  )

/** A surrogate without its partner has no UTF-8. */
const wellFormed = (literal: string): string => (JSON.parse(escapeControls(literal)) as string).toWellFormed()

interface Frame {
  readonly start: number
  readonly items: JsonNode[] | undefined
  readonly members: [string, JsonNode][] | undefined
  key: string | undefined
}

/** The tree, 'empty' for nothing but white space, or 'malformed'. A byte order mark before it is skipped. */
export function parseJsonTree(bytes: Uint8Array): JsonNode | 'empty' | 'malformed' {
  let text: string
  try {
    text = fatal.decode(bytes).replace(/^\ufeff/, '')
    if (/^[ \t\r\n]*$/.test(text)) return 'empty'
    JSON.parse(escapeControls(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return 'malformed'
    throw error
  }
  return walk(text)
}

function walk(text: string): JsonNode {
  const stack: Frame[] = []
  token.lastIndex = 0
  for (;;) {
    const piece = token.exec(text)![1]!
    const start = token.lastIndex - piece.length
    let node: JsonNode | undefined
    if (piece === '{') stack.push({ start, items: undefined, members: [], key: undefined })
    else if (piece === '[') stack.push({ start, items: [], members: undefined, key: undefined })
    else if (piece === '}' || piece === ']') {
      const frame = stack.pop()!
      const whole = text.slice(frame.start, token.lastIndex)
      node =
        frame.members === undefined
          ? { kind: 'array', text: whole, items: frame.items! }
          : { kind: 'object', text: whole, members: frame.members }
    } else if (piece !== ',' && piece !== ':') {
      const frame = stack.at(-1)
      if (frame?.members !== undefined && frame.key === undefined) frame.key = wellFormed(piece)
      else node = scalar(piece)
    }
    if (node === undefined) continue
    const frame = stack.at(-1)
    if (frame === undefined) return node
    if (frame.items !== undefined) frame.items.push(node)
    else {
      frame.members!.push([frame.key!, node])
      frame.key = undefined
    }
  }
}

function scalar(text: string): JsonNode {
  if (text[0] === '"') return { kind: 'string', text, value: wellFormed(text) }
  if (text === 'null' || text === 'true' || text === 'false') return { kind: text, text }
  return { kind: 'number', text }
}

/** The text without white space between tokens. */
export const compactText = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\[\s\S])*"|[ \t\r\n]+/g, piece => (piece[0] === '"' ? piece : ''))
