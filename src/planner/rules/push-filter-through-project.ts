import { growsTooMuch, isVolatile, substitute } from '../expression-rewrite.ts'
import { filter } from '../logical/index.ts'
import { nodeRule } from './rule.ts'

/** Filter(Project(x)) → Project(Filter(x)), unless that would evaluate a volatile function elsewhere. */
export const pushFilterThroughProject = nodeRule('push-filter-through-project', node => {
  if (node.kind !== 'Filter' || node.input.kind !== 'Project') return node
  const project = node.input
  if (growsTooMuch([node.condition], project.projections)) return node
  const condition = substitute(node.condition, project.projections)
  if (isVolatile(condition)) return node
  return { ...project, input: filter(project.input, condition) }
})
