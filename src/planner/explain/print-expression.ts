import type { BoundExpression, Literal } from '../../expressions/index.ts'
import { type LogicalType, typeToString, withNullable } from '../../types/index.ts'

const infix: ReadonlySet<string> = new Set(
  '= <> < <= > >= + - * / % AND OR || LIKE'.split(' ').concat('IS DISTINCT FROM', 'IS NOT DISTINCT FROM'),
)
const postfix = /^IS (NOT )?(NULL|TRUE|FALSE|UNKNOWN)$/
/** Canonical names that read better as the operator they are. */
const symbols: Readonly<Record<string, string>> = { MOD: '%' }

/** A bound expression as SQL over the column names of its input. */
export function printBound(e: BoundExpression, names: readonly string[]): string {
  switch (e.kind) {
    case 'InputRef':
      return names[e.index] ?? `$${e.index}`
    case 'Literal':
      return printLiteral(e)
    case 'Cast':
      return `${e.safe ? 'TRY_CAST' : 'CAST'}(${printBound(e.operand, names)} AS ${plain(e.type)})`
    case 'Case': {
      const branches = e.branches.map(
        b => `WHEN ${printBound(b.when, names)} THEN ${printBound(b.then, names)}`,
      )
      return `CASE ${branches.join(' ')} ELSE ${printBound(e.otherwise, names)} END`
    }
    case 'Call':
      return printCall(e, names)
  }
}

function printCall(e: BoundExpression & { readonly kind: 'Call' }, names: readonly string[]): string {
  const name = symbols[e.function] ?? e.function
  const operand = (arg: BoundExpression) => {
    const text = printBound(arg, names)
    const nested = arg.kind === 'Call' && (infix.has(arg.function) || postfix.test(arg.function))
    return nested && !(name === 'AND' && arg.kind === 'Call' && arg.function !== 'OR') ? `(${text})` : text
  }
  if (infix.has(name) && e.arguments.length >= 2) return e.arguments.map(operand).join(` ${name} `)
  if (name === 'NEGATE') return `-${operand(e.arguments[0]!)}`
  const [first, second] = e.arguments
  if (name === 'FIELD' && second?.kind === 'Literal') return `${operand(first!)}.${String(second.value)}`
  if (name === 'ITEM') return `${operand(first!)}[${printBound(second!, names)}]`
  if (postfix.test(name)) return `${operand(e.arguments[0]!)} ${name}`
  if (name === 'NOT') return `NOT ${operand(e.arguments[0]!)}`
  if (name === 'IN') {
    const [left, ...items] = e.arguments
    return `${operand(left!)} IN (${items.map(item => printBound(item, names)).join(', ')})`
  }
  return `${name}(${e.arguments.map(arg => printBound(arg, names)).join(', ')})`
}

const plain = (type: LogicalType): string => typeToString(withNullable(type, true))

function printLiteral({ value, type }: Literal): string {
  if (value === null) return 'NULL'
  switch (type.kind) {
    case 'BOOLEAN':
      return value === 1 ? 'TRUE' : 'FALSE'
    case 'CHAR':
    case 'VARCHAR':
      return `'${String(value).replaceAll("'", "''")}'`
    case 'DATE':
      return `DATE '${new Date(Number(value) * 86_400_000).toISOString().slice(0, 10)}'`
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return `${type.kind} '${timestampText(value, type.precision)}'`
    case 'TIME':
      return `TIME '${new Date(Number(value)).toISOString().slice(11, 19)}'`
    case 'INTERVAL_DAY_TIME':
      return `INTERVAL ${Number(value) / 1000} SECOND`
    case 'INTERVAL_YEAR_MONTH':
      return `INTERVAL ${String(value)} MONTH`
    case 'DECIMAL':
      return decimalText(String(value), type.scale)
    default:
      return String(value)
  }
}

function timestampText(value: NonNullable<Literal['value']>, precision: number): string {
  const ms =
    typeof value === 'object' ? value[0] : precision <= 3 ? Number(value) : Number(BigInt(value) / 1000n)
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
}

function decimalText(unscaled: string, scale: number): string {
  if (scale === 0) return unscaled
  const negative = unscaled.startsWith('-')
  const digits = unscaled.replace('-', '').padStart(scale + 1, '0')
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
