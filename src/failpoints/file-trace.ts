/**
 * What a process did to its state directory, in order, so that a test can rebuild the directory as a disk would hold
 * it after a power loss. Inert unless `MILLRACE_FILE_TRACE` names a file when the process starts; then it gets one
 * JSON line per step, after the step.
 */
import { appendFileSync } from 'node:fs'

export type FileStep =
  | { readonly kind: 'make-directory' | 'sync' | 'sync-directory' | 'remove'; readonly path: string }
  /** The whole content of the file from here on. */
  | { readonly kind: 'write'; readonly path: string; readonly base64: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }

const tracePath = process.env['MILLRACE_FILE_TRACE']

export function traceFile(step: FileStep): void {
  if (tracePath !== undefined) appendFileSync(tracePath, `${JSON.stringify(step)}\n`)
}

/** The content of one file, given as it is written. */
export class WriteTrace {
  readonly #pieces: Uint8Array[] = []

  add(piece: Uint8Array): void {
    if (tracePath !== undefined) this.#pieces.push(Uint8Array.from(piece))
  }

  written(path: string): void {
    if (tracePath !== undefined)
      traceFile({ kind: 'write', path, base64: Buffer.concat(this.#pieces).toString('base64') })
  }
}
