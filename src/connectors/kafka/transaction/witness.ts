/**
 * The witness: a group offset written inside each transaction, whose metadata names job and checkpoint. It turns
 * the broker's ambiguous "fenced" into "committed" or "lost". It is written only inside transactions and in
 * label order, so the committed value is the newest committed label.
 */
import type { FetchedOffset } from '../requests/offsets.ts'

export interface Witness {
  readonly jobId: string
  readonly label: number
  readonly incarnation: number
}

export const witnessGroup = (prefix: string): string => `__millrace.${prefix}`

export const encodeWitness = ({ jobId, label, incarnation }: Witness): string =>
  `job=${jobId};ckpt=${label};inc=${incarnation}`

/** undefined when the metadata is not ours. */
export function decodeWitness(metadata: string): Witness | undefined {
  const match = /^job=([^;]+);ckpt=(\d+);inc=(\d+)$/.exec(metadata)
  if (match === null) return undefined
  return { jobId: match[1]!, label: Number(match[2]), incarnation: Number(match[3]) }
}

/**
 * The witness among the group's offsets. The topic it is named on may change with the sinks of a job, so of
 * several the highest label of this job counts; a witness of another job counts only when there is none of ours.
 */
export function pickWitness(offsets: readonly FetchedOffset[], jobId: string): Witness | undefined {
  let own: Witness | undefined
  let foreign: Witness | undefined
  for (const { offset, metadata } of offsets) {
    if (offset < 0) continue
    const witness = decodeWitness(metadata)
    if (witness === undefined) continue
    if (witness.jobId === jobId) {
      if (own === undefined || witness.label > own.label) own = witness
    } else foreign = witness
  }
  return own ?? foreign
}
