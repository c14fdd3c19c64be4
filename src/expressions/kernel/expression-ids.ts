/** Numbers equal expressions equally, in time linear in their size: what the compiler's common subexpressions go by. */
import type { BoundExpression } from '../bound-expression.ts'

export class ExpressionIds {
  readonly #byShape = new Map<string, number>()
  readonly #known = new WeakMap<BoundExpression, number>()

  idOf(expression: BoundExpression): number {
    const known = this.#known.get(expression)
    if (known !== undefined) return known
    const shape = this.#shapeOf(expression)
    const id = this.#byShape.get(shape) ?? this.#byShape.size
    this.#byShape.set(shape, id)
    this.#known.set(expression, id)
    return id
  }

  #shapeOf(expression: BoundExpression): string {
    const type = JSON.stringify(expression.type)
    switch (expression.kind) {
      case 'InputRef':
        return `# ${expression.index} ${type}`
      case 'Literal':
        return `= ${JSON.stringify(expression.value)} ${type}`
      case 'Cast':
        return `${expression.safe ? 'try' : 'cast'} ${this.idOf(expression.operand)} ${type}`
      case 'Call':
        return `${expression.function} (${expression.arguments.map(argument => this.idOf(argument)).join(' ')}) ${type}`
      case 'Case': {
        const branches = expression.branches.map(({ when, then }) => `${this.idOf(when)}:${this.idOf(then)}`)
        return `case ${branches.join(' ')} ${this.idOf(expression.otherwise)} ${type}`
      }
    }
  }
}
