/** Tokens of the small SQL expression language that function examples are written in. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'binary' | 'number' | 'symbol' | 'end'
  readonly text: string
}

const pattern =
  /\s*(?:([xX]'[0-9a-fA-F]*')|([A-Za-z_][A-Za-z_0-9]*)|`([^`]+)`|'((?:[^']|'')*)'|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(\|\||<>|<=|>=|!=|[-+*/%()[\],.=<>]))/y

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  const text = sql.trimEnd()
  pattern.lastIndex = 0
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(text)
    if (match === null) throw new Error(`cannot read '${text.slice(at)}' in ${sql}`)
    const [, binary, word, quoted, string, number, symbol] = match
    if (binary !== undefined) tokens.push({ kind: 'binary', text: binary.slice(2, -1) })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted })
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else tokens.push({ kind: 'symbol', text: symbol! })
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}
