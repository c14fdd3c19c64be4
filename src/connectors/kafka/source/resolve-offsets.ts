/** Turns start-up and bounded modes into offsets, once per job: earliest, latest, by time, of a group, or given. */
import { connectorError } from '../../../errors/index.ts'
import {
  EARLIEST,
  LATEST,
  type ListedOffset,
  listOffsetsRequest,
  offsetFetchRequest,
  splitId,
  type TopicPartition,
} from '../requests/offsets.ts'
import { type KafkaCluster, permissionError } from '../transport/cluster.ts'
import { isTransportError } from '../transport/connect-errors.ts'
import {
  errorName,
  isAuthorizationError,
  isCoordinatorError,
  isLeaderError,
} from '../transport/error-codes.ts'
import { Backoff } from '../transport/retry.ts'
import type { OffsetsMode, SourceConfig } from './source-config.ts'
import type { SplitPosition } from './split.ts'

type Offsets = Map<string, number>

/** ListOffsets at every leader, with retries while leaders move. `timestamp`: epoch ms, EARLIEST or LATEST. */
export async function listOffsets(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  timestamp: number,
  readCommitted: boolean,
): Promise<Offsets> {
  const found: Offsets = new Map()
  const backoff = new Backoff()
  for (const deadline = performance.now() + cluster.config.requestTimeoutMs * 2; ; await backoff.wait()) {
    const open = partitions.filter(partition => !found.has(splitId(partition)))
    if (open.length === 0) return found
    let last = 'no leader'
    for (const [leader, group] of byLeader(cluster, open)) {
      if (leader < 0) continue
      try {
        const items = group.map(item => ({ ...item, timestamp }))
        const answers = await cluster.send(leader, 'control', listOffsetsRequest(items, readCommitted))
        last = adopt(answers, found) ?? last
      } catch (error) {
        if (!isTransportError(error)) throw error
        last = String(error)
      }
    }
    if (found.size === partitions.length) return found
    if (performance.now() > deadline) {
      throw connectorError(
        'MR_KAFKA_NO_ANSWER',
        `The offsets of ${open.map(splitId).join(', ')} cannot be read: ${last}.`,
        {
          retriable: true,
        },
      )
    }
    await cluster.refresh([...new Set(open.map(({ topic }) => topic))])
  }
}

function adopt(answers: readonly ListedOffset[], found: Offsets): string | undefined {
  let last: string | undefined
  for (const { topic, partition, code, offset } of answers) {
    if (code === 0) found.set(splitId({ topic, partition }), offset)
    else if (isLeaderError(code)) last = errorName(code)
    else if (isAuthorizationError(code)) {
      throw connectorError(
        'MR_KAFKA_PERMISSION',
        `No permission to read topic '${topic}': ${errorName(code)}.`,
        {
          hint: `Grant this user Read on topic '${topic}'.`,
        },
      )
    } else {
      throw connectorError('MR_KAFKA_FETCH', `ListOffsets of topic '${topic}' failed: ${errorName(code)}.`)
    }
  }
  return last
}

function byLeader(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
): Map<number, TopicPartition[]> {
  const groups = new Map<number, TopicPartition[]>()
  for (const item of partitions) {
    const leader = cluster.leaderOf(item.topic, item.partition) ?? -1
    const group = groups.get(leader)
    if (group === undefined) groups.set(leader, [item])
    else group.push(item)
  }
  return groups
}

/** The group's committed offsets; partitions without one are missing from the result. */
async function groupOffsets(
  cluster: KafkaCluster,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<Offsets> {
  const backoff = new Backoff()
  for (;;) {
    try {
      const response = await cluster.sendToCoordinator(
        'group',
        group,
        offsetFetchRequest(group, partitions),
        r => r.code,
      )
      if (response.code === 0) {
        const bad = response.offsets.find(({ code }) => code !== 0)
        if (bad !== undefined) throw permissionError('group', group, bad.code)
        return new Map(response.offsets.filter(o => o.offset >= 0).map(o => [splitId(o), o.offset]))
      }
      if (!isCoordinatorError(response.code)) throw permissionError('group', group, response.code)
    } catch (error) {
      if (!isTransportError(error) || backoff.tries > 30) throw error
    }
    await backoff.wait()
  }
}

async function offsetsOf(
  cluster: KafkaCluster,
  config: SourceConfig,
  mode: OffsetsMode,
  partitions: readonly TopicPartition[],
): Promise<Offsets> {
  const list = (timestamp: number): Promise<Offsets> =>
    listOffsets(cluster, partitions, timestamp, config.readCommitted)
  switch (mode.mode) {
    case 'earliest-offset':
      return list(EARLIEST)
    case 'latest-offset':
      return list(LATEST)
    case 'timestamp': {
      const [byTime, latest] = await Promise.all([list(mode.timestampMs), list(LATEST)])
      // No record that young: what comes next is.
      return new Map([...byTime].map(([id, offset]) => [id, offset < 0 ? latest.get(id)! : offset]))
    }
    case 'group-offsets':
      return config.groupId === null ? new Map() : groupOffsets(cluster, config.groupId, partitions)
    case 'specific-offsets':
      return new Map(
        partitions.flatMap(item => {
          const offset = mode.offsets.get(item.partition)
          return offset === undefined ? [] : [[splitId(item), offset] as const]
        }),
      )
  }
}

/** Where partitions start that the mode says nothing about. */
async function resetOffsets(
  cluster: KafkaCluster,
  config: SourceConfig,
  partitions: readonly TopicPartition[],
): Promise<Offsets> {
  const specific = config.startup.mode === 'specific-offsets'
  const committed =
    specific && config.groupId !== null ? await groupOffsets(cluster, config.groupId, partitions) : new Map()
  const rest = partitions.filter(item => !committed.has(splitId(item)))
  const policy = specific && config.autoOffsetReset === 'none' ? 'earliest' : config.autoOffsetReset
  if (rest.length === 0) return committed
  if (policy === 'none') {
    throw connectorError(
      'MR_KAFKA_NO_GROUP_OFFSET',
      `Group '${config.groupId ?? ''}' has no committed offset for ${rest.map(splitId).join(', ')} (table '${config.tableName}').`,
      {
        hint: "Set 'scan.startup.mode' to earliest-offset or latest-offset, or 'properties.auto.offset.reset' to earliest or latest.",
      },
    )
  }
  const reset = await listOffsets(
    cluster,
    rest,
    policy === 'earliest' ? EARLIEST : LATEST,
    config.readCommitted,
  )
  return new Map([...committed, ...reset])
}

/** Start and stop offsets of every partition. */
export async function resolveSplits(
  cluster: KafkaCluster,
  config: SourceConfig,
  partitions: readonly TopicPartition[],
): Promise<SplitPosition[]> {
  if (partitions.length === 0) return []
  const starts = await offsetsOf(cluster, config, config.startup, partitions)
  const missing = partitions.filter(item => !starts.has(splitId(item)))
  if (missing.length > 0)
    for (const [id, offset] of await resetOffsets(cluster, config, missing)) starts.set(id, offset)
  const stops = config.bounded === null ? null : await offsetsOf(cluster, config, config.bounded, partitions)
  return partitions.map(item => {
    const id = splitId(item)
    const offset = starts.get(id)!
    // A bounded source does not read partitions its end says nothing about.
    const stop = stops === null ? null : (stops.get(id) ?? offset)
    return { ...item, offset, stop, topicId: cluster.topicId(item.topic) }
  })
}
