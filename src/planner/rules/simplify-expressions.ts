import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { transformUp } from '../logical/index.ts'
import type { Rule } from './rule.ts'

/** Constant folding in every expression of the plan, by the simplifier of src/expressions. */
export const simplifyExpressions = (simplify: (e: BoundExpression) => BoundExpression): Rule => ({
  name: 'simplify-expressions',
  rewrite: plan =>
    transformUp(plan, node => {
      switch (node.kind) {
        case 'Filter':
          return { ...node, condition: simplify(node.condition) }
        case 'Project':
          return { ...node, projections: node.projections.map(simplify) }
        case 'Scan':
          return {
            ...node,
            projections: node.projections.map(simplify),
            condition: node.condition && simplify(node.condition),
            watermark: node.watermark && {
              ...node.watermark,
              expression: simplify(node.watermark.expression),
            },
          }
        case 'Values':
          return { ...node, rows: node.rows.map(row => row.map(simplify)) }
        default:
          return node
      }
    }),
})
