/**
 * The state directory as a disk may hold it after a power loss. SIGKILL leaves the page cache whole, so it cannot show
 * that an fsync is missing: this replays the trace of what the processes did to their files on a model that knows what
 * was made durable, and writes what is left.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FileStep } from '../src/failpoints/file-trace.ts'

/**
 * What became of steps that were not fsynced: nothing of them is there; or names are, and the contents behind them are
 * empty, or torn in half.
 */
export type Loss = 'nothing' | 'names without content' | 'names with half of the content'
export const losses: readonly Loss[] = ['nothing', 'names without content', 'names with half of the content']

interface FileNode {
  readonly kind: 'file'
  now: Buffer
  durable: Buffer | null
}

interface DirectoryNode {
  readonly kind: 'directory'
  now: Map<string, Node>
  durable: Map<string, Node>
}

type Node = FileNode | DirectoryNode

const directory = (): DirectoryNode => ({ kind: 'directory', now: new Map(), durable: new Map() })

export class DiskModel {
  readonly #root: string
  readonly #top = directory()

  /** `root` exists and is durable; all steps are below it. */
  constructor(root: string) {
    this.#root = root
  }

  #directoryAt(path: string): DirectoryNode {
    if (path === this.#root) return this.#top
    if (!path.startsWith(`${this.#root}/`)) throw new Error(`${path} is not below ${this.#root}`)
    const node = this.#directoryAt(dirname(path)).now.get(basename(path))
    if (node?.kind !== 'directory') throw new Error(`the trace uses ${path} before it is made`)
    return node
  }

  apply(step: FileStep): void {
    // What is above the root is no business of the model.
    if (step.kind === 'sync-directory' && !step.path.startsWith(this.#root)) return
    const parent = step.path === this.#root ? this.#top : this.#directoryAt(dirname(step.path))
    const name = basename(step.path)
    switch (step.kind) {
      case 'make-directory':
        parent.now.set(name, directory())
        return
      case 'write': {
        const content = Buffer.from(step.base64, 'base64')
        const node = parent.now.get(name)
        if (node?.kind === 'file') node.now = content
        else parent.now.set(name, { kind: 'file', now: content, durable: null })
        return
      }
      case 'sync': {
        const node = parent.now.get(name)
        if (node?.kind === 'file') node.durable = node.now
        return
      }
      case 'sync-directory': {
        const node = this.#directoryAt(step.path)
        node.durable = new Map(node.now)
        return
      }
      case 'rename': {
        const node = parent.now.get(name)
        if (node === undefined) throw new Error(`the trace renames ${step.path} before it is made`)
        parent.now.delete(name)
        this.#directoryAt(dirname(step.to)).now.set(basename(step.to), node)
        return
      }
      case 'remove':
        parent.now.delete(name)
        return
      default:
        step satisfies never
    }
  }

  /** Replaces what is below the root by what the loss left of it. */
  write(loss: Loss): void {
    for (const name of new Set([...this.#top.now.keys(), ...this.#top.durable.keys()]))
      rmSync(join(this.#root, name), { recursive: true, force: true })
    writeDirectory(this.#root, this.#top, loss)
  }
}

function writeDirectory(path: string, node: DirectoryNode, loss: Loss): void {
  mkdirSync(path, { recursive: true })
  const names = loss === 'nothing' ? node.durable : new Map([...node.durable, ...node.now])
  for (const [name, child] of names) {
    const target = join(path, name)
    if (child.kind === 'directory') writeDirectory(target, child, loss)
    else writeFileSync(target, contentAfter(child, loss))
  }
}

function contentAfter({ now, durable }: FileNode, loss: Loss): Buffer {
  if (durable === now) return now
  if (loss === 'nothing') return durable ?? Buffer.alloc(0)
  return loss === 'names without content' ? Buffer.alloc(0) : now.subarray(0, now.length >> 1)
}

/** Replays the trace file, rebuilds what is below `root`, and empties the trace: what is left is durable. */
export function losePower(root: string, tracePath: string, loss: Loss): void {
  const model = new DiskModel(root)
  const lines = existsSync(tracePath) ? readFileSync(tracePath, 'utf8').split('\n') : []
  for (const line of lines) if (line !== '') model.apply(JSON.parse(line) as FileStep)
  model.write(loss)
  rmSync(tracePath, { force: true })
}
