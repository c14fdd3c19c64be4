/**
 * The manifest: one JSON document that says everything of a checkpoint. Its first line is the SHA-256 of the
 * rest, so a torn or changed file is seen. Documented in docs/state.md; `format` is raised when
 * the meaning changes.
 */
import type { PreparedTransaction } from '../connectors/contract/index.ts'
import { runtimeFailure } from '../errors/index.ts'
import { sha256 } from '../state/snapshot/checksum.ts'
import type { LogicalType } from '../types/index.ts'

export const MANIFEST_FORMAT = 1

/** `initial` = manifest 0: resolved start-up offsets only. `final` ends a bounded job. */
export type CheckpointKind = 'initial' | 'checkpoint' | 'savepoint' | 'final'

export type StateData =
  | { readonly inline: string; readonly sha256: string }
  | { readonly file: string; readonly bytes: number; readonly sha256: string }

export interface StatePart {
  readonly subtask: number
  readonly rows: number
  readonly data: StateData
}

export interface ManifestState {
  readonly name: string
  readonly version: number
  readonly keyed: boolean
  readonly columns: readonly { readonly name: string; readonly type: LogicalType }[]
  readonly parts: readonly StatePart[]
}

export interface ManifestNode {
  readonly id: string
  readonly states: readonly ManifestState[]
  readonly values: readonly { readonly name: string; readonly values: readonly unknown[] }[]
}

export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT
  readonly checkpointId: number
  readonly kind: CheckpointKind
  readonly jobId: string
  readonly jobName: string
  readonly incarnation: number
  readonly createdAt: string
  readonly engineVersion: string
  readonly maxParallelism: number
  /** The statements of the job, secrets replaced. */
  readonly sql: string | null
  /** The plan graph, secrets replaced. */
  readonly plan: unknown
  readonly nodes: readonly ManifestNode[]
  /** Every prepared transaction not yet confirmed, in label order. */
  readonly prepared: readonly PreparedTransaction[]
  /** The highest label known to be confirmed when this was written; 0 = none. */
  readonly lastConfirmed: number
  /** No number of arrival in the states is larger; missing in manifests of older versions. */
  readonly lastArrival?: number
}

export function encodeManifest(manifest: Manifest): string {
  const body = JSON.stringify(manifest)
  return `${sha256(body)}\n${body}\n`
}

/** Throws MR_CHECKPOINT_CORRUPT when the text is not a whole manifest of a known format. */
export function decodeManifest(text: string, path: string): Manifest {
  const corrupt = (reason: string) =>
    runtimeFailure('MR_CHECKPOINT_CORRUPT', `Manifest ${path} is damaged: ${reason}`, {
      hint: 'resume from another checkpoint with --resume PATH, or start over with --resume none',
    })
  const newline = text.indexOf('\n')
  const body = newline < 0 ? '' : text.slice(newline + 1).replace(/\n$/, '')
  if (newline < 0 || sha256(body) !== text.slice(0, newline)) throw corrupt('its checksum does not match')
  let manifest: Manifest
  try {
    manifest = JSON.parse(body) as Manifest
  } catch (cause) {
    throw corrupt(`it is not JSON (${String(cause)})`)
  }
  if (manifest.format !== MANIFEST_FORMAT) {
    throw runtimeFailure(
      'MR_CHECKPOINT_FORMAT',
      `Manifest ${path} has format ${String(manifest.format)}, this Millrace reads format ${MANIFEST_FORMAT}`,
      { hint: 'use the Millrace version that wrote it, or start over with --resume none' },
    )
  }
  return manifest
}
