/** A split is one partition of a topic; its id is `topic/partition`, its state JSON. */
import { internalError } from '../../../errors/index.ts'
import type { SplitState } from '../../contract/index.ts'
import { splitId, type TopicPartition } from '../requests/offsets.ts'

export interface SplitPosition extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number
  /** Read up to here, exclusive; null = for ever. */
  readonly stop: number | null
  /** Of the topic the offset belongs to; '' = not known. */
  readonly topicId: string
}

export const toSplitState = ({ topic, partition, offset, stop, topicId }: SplitPosition): SplitState => ({
  split: splitId({ topic, partition }),
  position: { offset, stop, topicId },
})

/** Reads a stored state. Throws on one that was not written by `toSplitState`. */
export function fromSplitState({ split, position }: SplitState): SplitPosition {
  const at = split.lastIndexOf('/')
  const { offset, stop, topicId } = position as Readonly<Record<'offset' | 'stop' | 'topicId', unknown>>
  const partition = Number(split.slice(at + 1))
  if (at < 1 || typeof offset !== 'number' || !Number.isInteger(partition))
    throw internalError(`not the state of a Kafka split: ${split}`)
  return {
    topic: split.slice(0, at),
    partition,
    offset,
    stop: typeof stop === 'number' ? stop : null,
    topicId: typeof topicId === 'string' ? topicId : '',
  }
}

/** Java's String.hashCode; part of the assignment, so it must not change. */
function hashText(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}

/** The subtask that reads a partition: neighbours of a topic go to different subtasks. */
export const subtaskOfSplit = ({ topic, partition }: TopicPartition, parallelism: number): number =>
  (((Math.imul(hashText(topic), 31) & 0x7fffffff) % parallelism) + partition) % parallelism
