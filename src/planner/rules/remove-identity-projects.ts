import { sameType } from '../../types/index.ts'
import { isIdentity } from '../expression-rewrite.ts'
import { nodeRule } from './rule.ts'

/** Project of all columns in order under the same names → its input. */
export const removeIdentityProjects = nodeRule('remove-identity-projects', node => {
  if (node.kind !== 'Project' || !isIdentity(node.projections, node.input.output.length)) return node
  const unchanged = node.output.every((f, i) => {
    const below = node.input.output[i]!
    return f.name === below.name && f.timeAttribute === below.timeAttribute && sameType(f.type, below.type)
  })
  return unchanged ? node.input : node
})
