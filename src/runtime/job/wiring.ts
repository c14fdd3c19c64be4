/**
 * Wires tasks: one bounded channel per pair of subtasks that exchange rows. Every thread of a job wires the same graph
 * and keeps the ends that are its own; a channel between threads has one number in both.
 */
import type { Exchange, PlanNode, WindowAggregateNode } from '../../planner/plan-graph/plan-graph.ts'
import { compileHash } from '../../state/keys/key-hash.ts'
import type { LogicalType } from '../../types/index.ts'
import { partialRows } from '../aggregates/partial-rows.ts'
import { BatchPool } from '../channels/batch-pool.ts'
import { Channel, type ChannelWriter } from '../channels/channel.ts'
import { ExchangeWriter } from '../channels/exchange-writer.ts'
import { RowGroups } from '../channels/row-groups.ts'
import type { ThreadLink } from '../threads/thread-link.ts'
import type { Task, TaskGraph } from './task-graph.ts'

export interface Wiring {
  /** Channels a subtask of `task` reads. */
  inputsOf(task: string, subtask: number): readonly { readonly channel: Channel; readonly input: number }[]
  /** Exchanges that node `node` of subtask `subtask` feeds. */
  exchangesOf(node: string, subtask: number): readonly WiredExchange[]
  /** Of all channels and ends of channels in this thread. */
  readonly pools: readonly BatchPool[]
}

export interface WiredExchange {
  readonly writer: ExchangeWriter
  /** The aggregation whose local phase stands in front of the exchange. */
  readonly localPhaseOf: WindowAggregateNode | null
}

/** Where subtasks run, seen from one thread. */
export interface Placement {
  readonly ownThread: number
  threadOf(task: Task, subtask: number): number
  /** To another thread of the job. */
  linkTo(thread: number): ThreadLink
}

export function wireTasks(graph: TaskGraph, maxParallelism: number, placement: Placement): Wiring {
  const inputs = new Map<string, { channel: Channel; input: number }[]>()
  const exchanges = new Map<string, WiredExchange[]>()
  const pools: BatchPool[] = []
  const { ownThread, linkTo } = placement
  let numChannels = 0
  const tasks = new Map(graph.tasks.map(task => [task.id, task]))
  for (const task of graph.tasks) {
    for (const { fromNode, fromTask, exchange, input } of task.inputs) {
      const producer = tasks.get(fromTask)!
      const node = producer.nodes.find(({ id }) => id === fromNode)!
      const { types, keys, localPhaseOf } = rowsOf(exchange, node, task.head)
      // One reader gets all rows without a hash.
      const hashedKeys = task.parallelism > 1 ? keys : null
      const numWriters = isOneToOne(exchange, producer, task) ? 1 : producer.parallelism
      const ownPool = new BatchPool(types, hashedKeys)
      pools.push(ownPool)
      for (let from = 0; from < producer.parallelism; from++) {
        const fromThread = placement.threadOf(producer, from)
        const targets = targetSubtasks(exchange, from, producer, task).flatMap((to): ChannelWriter[] => {
          const number = numChannels++
          const toThread = placement.threadOf(task, to)
          if (fromThread !== ownThread && toThread !== ownThread) return []
          const isOwn = fromThread === ownThread && toThread === ownThread
          const pool = isOwn ? ownPool : new BatchPool(types, hashedKeys)
          if (!isOwn) pools.push(pool)
          pool.addChannel()
          if (toThread !== ownThread) return [linkTo(toThread).writer(number, pool)]
          const channel = new Channel(pool, !isOwn, numWriters)
          push(inputs, key(task.id, to), { channel, input })
          if (fromThread === ownThread) return [channel]
          linkTo(fromThread).reader(number, channel)
          return []
        })
        if (fromThread !== ownThread) continue
        const hash = keys === null ? null : compileHash(types, keys)
        const writer = new ExchangeWriter(targets, new RowGroups(hash, targets.length, maxParallelism))
        push(exchanges, key(fromNode, from), { writer, localPhaseOf })
      }
    }
  }
  return {
    pools,
    inputsOf: (task, subtask) => inputs.get(key(task, subtask)) ?? [],
    exchangesOf: (node, subtask) => exchanges.get(key(node, subtask)) ?? [],
  }
}

const key = (id: string, subtask: number): string => `${subtask}:${id}`

function push<T>(map: Map<string, T[]>, name: string, value: T): void {
  const list = map.get(name)
  if (list === undefined) map.set(name, [value])
  else list.push(value)
}

const isOneToOne = (exchange: Exchange, producer: Task, consumer: Task): boolean =>
  exchange.kind === 'forward' && producer.parallelism === consumer.parallelism

function targetSubtasks(exchange: Exchange, from: number, producer: Task, consumer: Task): readonly number[] {
  if (isOneToOne(exchange, producer, consumer)) return [from]
  if (exchange.kind === 'singleton') return [0]
  return Array.from({ length: consumer.parallelism }, (_, to) => to)
}

interface ExchangedRows {
  readonly types: readonly LogicalType[]
  /** Columns whose hash decides the reader; null where it does not. */
  readonly keys: readonly number[] | null
  readonly localPhaseOf: WindowAggregateNode | null
}

/** What crosses an exchange: the rows of `from`, or the groups that the local phase of its user makes of them. */
function rowsOf(exchange: Exchange, from: PlanNode, user: PlanNode): ExchangedRows {
  const types = from.output.map(field => field.type)
  const isHashed = exchange.kind === 'hash'
  if (user.kind !== 'WindowAggregate' || !user.localPhase)
    return { types, keys: isHashed ? exchange.keys : null, localPhaseOf: null }
  const partial = partialRows(user, types)
  return { types: partial.types, keys: isHashed ? partial.keys : null, localPhaseOf: user }
}
