/** Text that turns a value of a batch into a plain JavaScript value, and back into result locals. */
import type { ResultText, ValueText } from './aggregate-function.ts'
import { toBigInt } from './int64-text.ts'

export function plainText(value: ValueText): string {
  switch (value.storage) {
    case 'i32':
    case 'f64':
    case 'object':
      return value.value
    case 'i64':
      return toBigInt(value)
    case 'msnanos':
      return `[${value.value}, ${value.nanos}]`
    case 'bytes':
      return `${value.bytes}.slice(${value.start}, ${value.end})`
  }
}

/** Statements that assign what `plainText` made. */
export function assignPlain(result: ResultText, plain: string): string {
  switch (result.storage) {
    case 'i32':
    case 'f64':
    case 'object':
      return `${result.value} = ${plain};`
    case 'i64':
      return `${result.value} = Number(BigInt.asIntN(32, ${plain})); ${result.high} = Number(BigInt.asIntN(32, ${plain} >> 32n));`
    case 'msnanos':
      return `${result.value} = ${plain}[0]; ${result.nanos} = ${plain}[1];`
    case 'bytes':
      return `${result.bytes} = ${plain}; ${result.start} = 0; ${result.end} = ${plain}.length;`
  }
}
