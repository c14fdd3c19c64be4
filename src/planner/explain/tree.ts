import type { BoundExpression } from '../../expressions/index.ts'
import type { OutputField } from '../plan-graph/plan-graph.ts'
import { printBound } from './print-expression.ts'

export interface TreeNode<N> {
  readonly text: string
  readonly inputs: readonly N[]
}

/** `Name(key=[value], …)`; empty and null values are left out. */
export function attributes(
  name: string,
  values: Readonly<Record<string, string | null | undefined>>,
): string {
  const shown = Object.entries(values).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  )
  return `${name}(${shown.map(([key, value]) => `${key}=[${value}]`).join(', ')})`
}

/** `a, b + 1 AS c`. */
export const selectText = (
  projections: readonly BoundExpression[],
  output: readonly OutputField[],
  names: readonly string[],
): string =>
  projections
    .map((e, i) => {
      const text = printBound(e, names)
      const name = output[i]!.name
      return text === name ? text : `${text} AS ${name}`
    })
    .join(', ')

/** Trees with Flink's `+- ` and `:  ` rails; a node met twice is printed once and then referred to. */
export function printTrees<N>(roots: readonly N[], describe: (node: N) => TreeNode<N>): string {
  const users = new Map<N, number>()
  const count = (node: N): void => {
    users.set(node, (users.get(node) ?? 0) + 1)
    if (users.get(node) === 1) for (const input of describe(node).inputs) count(input)
  }
  for (const root of roots) count(root)
  const references = new Map<N, number>()
  const lines: string[] = []
  const print = (node: N, head: string, rail: string): void => {
    const known = references.get(node)
    if (known !== undefined) {
      lines.push(`${head}Reused(reference_id=[${known}])`)
      return
    }
    const { text, inputs } = describe(node)
    let shown = text
    if (users.get(node)! > 1) {
      references.set(node, references.size + 1)
      shown = `${text.slice(0, -1)}, reuse_id=[${references.size}])`
    }
    lines.push(head + shown)
    inputs.forEach((input, i) => {
      const last = i === inputs.length - 1
      print(input, `${rail}${last ? '+- ' : ':- '}`, `${rail}${last ? '   ' : ':  '}`)
    })
  }
  roots.forEach((root, i) => {
    if (i > 0) lines.push('')
    print(root, '', '')
  })
  return lines.join('\n')
}
