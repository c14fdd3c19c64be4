/** Between the JSON form of literals (bound-expression.ts) and plain values. */
import { internalError } from '../errors/index.ts'
import { type LogicalType, type PlainValue, storageOf } from '../types/index.ts'
import type { Literal, LiteralValue } from './bound-expression.ts'

export function plainOfLiteral({ value, type }: Literal): PlainValue {
  if (value === null) return null
  switch (storageOf(type)) {
    case 'i32':
      return type.kind === 'BOOLEAN' ? Boolean(value) : Number(value)
    case 'f64':
      return Number(value)
    case 'i64':
      return BigInt(value as string | number)
    case 'msnanos':
      return value as readonly [number, number]
    case 'bytes':
      return type.kind === 'CHAR' || type.kind === 'VARCHAR'
        ? (value as string)
        : new Uint8Array(Buffer.from(value as string, 'base64'))
    case 'object':
      if (type.kind === 'DECIMAL') return BigInt(value as string)
      throw internalError(`a literal cannot be of type ${type.kind}`)
  }
}

/** Whether values of the type can stand in a literal at all: collections cannot. */
export const canBeLiteral = (type: LogicalType): boolean =>
  storageOf(type) !== 'object' || type.kind === 'DECIMAL'

export function literalOf(value: PlainValue, type: LogicalType): Literal {
  return { kind: 'Literal', value: literalValue(value, type), type }
}

function literalValue(value: PlainValue, type: LogicalType): LiteralValue {
  if (value === null) return null
  switch (storageOf(type)) {
    case 'i32':
      return Number(value)
    case 'f64':
      return Number.isFinite(value) && !Object.is(value, -0) ? (value as number) : doubleText(value as number)
    case 'i64':
      return String(value)
    case 'msnanos':
      return value as unknown as readonly [number, number]
    case 'bytes':
      return typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('base64')
    case 'object':
      if (typeof value === 'bigint') return value.toString()
      throw internalError(`a literal cannot be of type ${type.kind}`)
  }
}

const doubleText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))
