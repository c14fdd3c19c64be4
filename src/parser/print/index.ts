export { printExpression } from './expression.ts'
export { printQuery } from './query.ts'
export { printStatement } from './statement.ts'
export { printType } from './type.ts'
