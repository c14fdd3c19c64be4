import { parseExpression, parseScript, parseStatement, type Statement } from '../../../src/parser/index.ts'

const source = (text: string) => ({ text, name: '<sql>' })

/** An AST as plain data: positions left out, identifiers as their names. */
export function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node)
  if ('kind' in node && node.kind === 'Identifier' && 'name' in node) return node.name
  return Object.fromEntries(
    entries
      .filter(([key, value]) => key !== 'position' && value !== undefined)
      .map(([key, value]) => [key, plain(value)]),
  )
}

export const statement = (text: string): Statement => parseStatement(source(text))
export const script = (text: string): readonly Statement[] => parseScript(source(text))
export const expression = (text: string) => plain(parseExpression(source(text)))
