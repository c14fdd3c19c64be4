/**
 * The witness: a group offset written inside each transaction, whose metadata names job and checkpoint. It turns
 * the broker's ambiguous "fenced" into "committed" or "lost". It is written only inside transactions and in
 * label order, so the committed value is the newest committed label.
 */
import type { FetchedOffset, TopicPartition } from '../requests/offsets.ts'

export interface Witness {
  readonly jobId: string
  readonly label: number
  readonly incarnation: number
}

export interface PlacedWitness extends Witness {
  readonly place: TopicPartition
}

/** No other offsets may be written to these groups: they could hide a witness that is pending. */
export const WITNESS_GROUP_PREFIX = '__millrace.'

export const witnessGroup = (prefix: string): string => `${WITNESS_GROUP_PREFIX}${prefix}`

export const encodeWitness = ({ jobId, label, incarnation }: Witness): string =>
  `job=${jobId};ckpt=${label};inc=${incarnation}`

/** undefined when the metadata is not ours. */
export function decodeWitness(metadata: string): Witness | undefined {
  const match = /^job=([^;]+);ckpt=(\d+);inc=(\d+)$/.exec(metadata)
  if (match === null) return undefined
  return { jobId: match[1]!, label: Number(match[2]), incarnation: Number(match[3]) }
}

/** Every witness among the group's offsets. */
export function witnessesOf(offsets: readonly FetchedOffset[]): PlacedWitness[] {
  return offsets.flatMap(({ topic, partition, offset, metadata }) => {
    const witness = offset < 0 ? undefined : decodeWitness(metadata)
    return witness === undefined ? [] : [{ ...witness, place: { topic, partition } }]
  })
}

/**
 * The topic a witness is named on may change with the sinks of a job, so of several the highest label of this job
 * counts; a witness of another job counts only when there is none of ours.
 */
export function pickWitness(witnesses: readonly Witness[], jobId: string): Witness | undefined {
  let own: Witness | undefined
  let foreign: Witness | undefined
  for (const { jobId: owner, label, incarnation } of witnesses) {
    const witness = { jobId: owner, label, incarnation }
    if (owner !== jobId) foreign = witness
    else if (own === undefined || label > own.label) own = witness
  }
  return own ?? foreign
}
