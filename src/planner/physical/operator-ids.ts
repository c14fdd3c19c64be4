/**
 * Ids that outlive edits of the query (design.md §4). A scan is known by its table; every other node by the sink it feeds, the stateful nodes and union branches between, its own kind, keys and window,
 * and an ordinal among equals. Filters, projections and pruned columns are no part of a path, so adding a WHERE,
 * a column or another INSERT changes no other node's id.
 */
import type { PhysicalNode } from './physical-node.ts'

export function assignIds(roots: readonly PhysicalNode[]): ReadonlyMap<PhysicalNode, string> {
  const namer = new Namer()
  for (const root of roots) namer.name(root, rootPath(root))
  return namer.ids
}

function rootPath(root: PhysicalNode): string {
  return root.body.kind === 'Sink' ? root.body.table.path.join('.') : 'collect'
}

class Namer {
  readonly ids = new Map<PhysicalNode, string>()
  readonly #taken = new Set<string>()

  name(node: PhysicalNode, path: string): void {
    if (this.ids.has(node)) return
    const own = this.#unique(idOf(node, path))
    this.ids.set(node, own)
    const below = pathBelow(node, path, own)
    node.inputs.forEach((input, i) => {
      this.name(input.node, node.body.kind === 'Union' ? `${below}/branch${i}` : below)
    })
  }

  #unique(id: string): string {
    let unique = id
    for (let n = 2; this.#taken.has(unique); n++) unique = `${id}#${n}`
    this.#taken.add(unique)
    return unique
  }
}

function idOf(node: PhysicalNode, path: string): string {
  const { body } = node
  switch (body.kind) {
    case 'Scan':
      return `scan:${body.table.path.join('.')}`
    case 'Sink':
      return `sink:${path}`
    case 'Collect':
      return path
    default:
      return `${path}/${node.identity === '' ? body.kind : node.identity}`
  }
}

/** The path handed to inputs: grows by nodes with an identity; a second sink of the same table has its own. */
function pathBelow(node: PhysicalNode, path: string, own: string): string {
  if (node.body.kind === 'Sink') return own.slice('sink:'.length)
  return node.identity === '' ? path : `${path}/${node.identity}`
}
