/**
 * Which change kinds flow where, by Flink's rules: what a node makes is known bottom-up (`Modifies`), whether −U
 * is needed is asked top-down. A node that makes updates leaves −U out when nobody above needs it.
 */
import { assertNever } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { inputsRead } from '../expression-rewrite.ts'
import type { PhysicalBody, PhysicalNode } from '../physical/physical-node.ts'
import type { ChangeKinds } from '../plan-graph/plan-graph.ts'
import { isUniqueBy } from './upsert-key.ts'

/** Settles the change kinds of every node below the roots. */
export function changeKinds(roots: readonly PhysicalNode[]): ReadonlyMap<PhysicalNode, ChangeKinds> {
  const needs = new Map<PhysicalNode, boolean>()
  for (const root of roots) ask(root, false, needs)
  const kinds = new Map<PhysicalNode, ChangeKinds>()
  for (const root of roots) settle(root, needs, kinds)
  return kinds
}

/** Marks nodes whose −U somebody needs; a node with several users is asked by each. */
function ask(node: PhysicalNode, before: boolean, needs: Map<PhysicalNode, boolean>): void {
  const known = needs.get(node)
  if (known === true || known === before) return
  needs.set(node, before)
  for (const input of node.inputs) ask(input.node, needsBefore(node, input.node, before), needs)
}

/** Whether `node` needs −U from `input`, when its own users need it or not. */
function needsBefore(node: PhysicalNode, input: PhysicalNode, before: boolean): boolean {
  const { body } = node
  switch (body.kind) {
    case 'Scan':
    case 'Values':
      return false
    case 'Calc':
      return before || filtersByMoreThanKey(body.condition, input)
    case 'Union':
    case 'WindowTableFunction':
      return before
    case 'WindowAggregate':
    case 'GroupAggregate':
    case 'WindowTopN':
      return true
    case 'ChangelogNormalize':
      return false
    case 'Sink':
      return node.wantsUpdateBefore === true || !overwritesByKey(body, input)
    case 'Collect':
      return true
    default:
      return assertNever(body, 'physical node')
  }
}

/** An updated row that no longer passes must be taken back, which only −U tells, unless the key alone decides. */
function filtersByMoreThanKey(condition: BoundExpression | null, input: PhysicalNode): boolean {
  if (condition === null) return false
  const read = inputsRead(condition)
  return !input.upsertKeys.some(key => read.every(column => key.includes(column)))
}

/** With a primary key that identifies the rows, a sink overwrites by it; otherwise every −U must reach it. */
const overwritesByKey = (body: PhysicalBody & { readonly kind: 'Sink' }, input: PhysicalNode): boolean =>
  body.primaryKey !== null && isUniqueBy(input.upsertKeys, body.primaryKey)

const insertOnly: ChangeKinds = { updateBefore: false, updateAfter: false, delete: false }

function settle(
  node: PhysicalNode,
  needs: ReadonlyMap<PhysicalNode, boolean>,
  kinds: Map<PhysicalNode, ChangeKinds>,
): ChangeKinds {
  const known = kinds.get(node)
  if (known !== undefined) return known
  const inputs = node.inputs.map(input => settle(input.node, needs, kinds))
  const result = ownKinds(node, inputs, needs.get(node) ?? false)
  kinds.set(node, result)
  return result
}

function ownKinds(node: PhysicalNode, inputs: readonly ChangeKinds[], needed: boolean): ChangeKinds {
  const { update, delete: deletes } = node.modifies
  switch (node.body.kind) {
    case 'Calc': {
      const [input = insertOnly] = inputs
      // Where the new row of an update does not pass, the old one is deleted.
      return { ...input, delete: input.delete || (input.updateBefore && node.body.condition !== null) }
    }
    case 'Union':
    case 'WindowTableFunction':
    case 'Sink':
    case 'Collect':
      return inputs.reduce(
        (a, b) => ({
          updateBefore: a.updateBefore || b.updateBefore,
          updateAfter: a.updateAfter || b.updateAfter,
          delete: a.delete || b.delete,
        }),
        insertOnly,
      )
    case 'Scan':
      return { updateBefore: node.modifies.updateBefore ?? false, updateAfter: update, delete: deletes }
    default:
      return { updateBefore: update && needed, updateAfter: update, delete: deletes }
  }
}
