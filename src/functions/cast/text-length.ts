/** CHAR(n) and VARCHAR(n), BINARY(n) and VARBINARY(n): cut to n, and for the fixed ones padded to n. */
import type { LogicalType } from '../../types/index.ts'
import { MAX_LENGTH } from '../../types/index.ts'

export function fitText(text: string, type: LogicalType): string {
  if (type.kind !== 'CHAR' && type.kind !== 'VARCHAR') return text
  if (type.length === MAX_LENGTH || (type.kind === 'VARCHAR' && text.length <= type.length)) return text
  const characters = [...text]
  if (characters.length > type.length) return characters.slice(0, type.length).join('')
  return type.kind === 'CHAR' ? text + ' '.repeat(type.length - characters.length) : text
}

export function fitBytes(bytes: Uint8Array, type: LogicalType): Uint8Array {
  if (type.kind !== 'BINARY' && type.kind !== 'VARBINARY') return bytes
  if (bytes.length > type.length) return bytes.slice(0, type.length)
  if (type.kind === 'VARBINARY' || bytes.length === type.length) return bytes
  const padded = new Uint8Array(type.length)
  padded.set(bytes)
  return padded
}
