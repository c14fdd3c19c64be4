import type { Identifier, Property, QualifiedName, StringLiteral } from '../ast/index.ts'
import { isReservedWord } from '../tokens.ts'

/** Pieces that most nodes share. `undefined` pieces are left out of what is joined. */
export type Piece = string | undefined | false

export const spaced = (...pieces: readonly Piece[]): string =>
  pieces.filter((piece): piece is string => typeof piece === 'string' && piece !== '').join(' ')

export const listed = <T>(items: readonly T[], print: (item: T) => string): string =>
  items.map(print).join(', ')

export const parenthesized = <T>(items: readonly T[], print: (item: T) => string): string =>
  `(${listed(items, print)})`

/** A clause that stands only when there are items: `PARTITION BY a, b`. */
export const clause = <T>(
  word: string,
  items: readonly T[],
  print: (items: readonly T[]) => string,
): Piece => (items.length === 0 ? undefined : `${word} ${print(items)}`)

const plainName = /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u

/** Back-ticked when it was, or when it must be. */
export function printIdentifier({ name, quoted }: Identifier): string {
  if (!quoted && plainName.test(name) && !isReservedWord(name)) return name
  return `\`${name.replaceAll('`', '``')}\``
}

export const printName = (name: QualifiedName | readonly Identifier[]): string =>
  name.map(printIdentifier).join('.')

export const printNames = (names: readonly Identifier[]): string => parenthesized(names, printIdentifier)

export const quoteString = (value: string): string => `'${value.replaceAll("'", "''")}'`

export const printString = ({ value }: StringLiteral): string => quoteString(value)

const printProperty = ({ key, value }: Property) => `${printString(key)} = ${printString(value)}`

export const printProperties = (properties: readonly Property[]): string =>
  parenthesized(properties, printProperty)

export const printComment = (comment: StringLiteral | undefined): Piece =>
  comment && `COMMENT ${printString(comment)}`
