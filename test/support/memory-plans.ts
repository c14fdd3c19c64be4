/** Plan graphs over the memory connector: rows (ts, ip), counted per window or per key. */
import { join } from 'node:path'
import { type Logger, silentLogger } from '../../src/logger/logger.ts'
import type {
  AggregateCall,
  Exchange,
  OutputField,
  PlanGraph,
  PlanNode,
} from '../../src/planner/plan-graph/plan-graph.ts'
import { Job, type JobOptions } from '../../src/runtime/job/job.ts'
import type { JobConfig } from '../../src/runtime/job/job-config.ts'
import { bigintType, stringType, timestampType } from '../../src/types/index.ts'
import type { MemoryWorld } from './memory-connector.ts'

const noChanges = { updateBefore: false, updateAfter: false, delete: false }
const time: OutputField = { name: 'ts', type: timestampType(3), timeAttribute: 'rowtime' }
const ip: OutputField = { name: 'ip', type: stringType() }
const count: AggregateCall = {
  function: 'COUNT',
  arguments: [],
  distinct: false,
  filter: null,
  type: bigintType(false),
}
const countField: OutputField = { name: 'n', type: bigintType(false) }
const windowOutput: readonly OutputField[] = [
  ip,
  countField,
  { name: 'window_start', type: timestampType(3, false) },
  { name: 'window_end', type: timestampType(3, false) },
]

const ref = (index: number, field: OutputField) => ({ kind: 'InputRef' as const, index, type: field.type })
const table = (name: string, options: Readonly<Record<string, string>> = {}) => ({
  path: ['c', 'd', name] as const,
  options: { connector: 'memory', ...options },
  schema: { columns: [] },
})
const columnsOf = (output: readonly OutputField[]) =>
  output.map(field => ({ kind: 'physical' as const, name: field.name, type: field.type }))

/** Reads the splits whose names begin with `splits`; watermark = ts. */
export const scan = (id: string, parallelism: number, splits = '', idleTimeoutMs = 0): PlanNode => ({
  kind: 'Scan',
  id,
  label: `Scan(${id})`,
  inputs: [],
  output: [time, ip],
  changes: noChanges,
  parallelism,
  table: table(id, { splits }),
  columns: [
    { kind: 'physical', name: 'ts', type: time.type },
    { kind: 'physical', name: 'ip', type: ip.type },
  ],
  watermark: { expression: ref(0, time), idleTimeoutMs, emit: 'on-event' },
  condition: null,
  projections: [ref(0, time), ref(1, ip)],
  bounded: true,
})

export const union = (id: string, inputs: readonly string[], parallelism: number): PlanNode => ({
  kind: 'Union',
  id,
  label: 'Union',
  inputs: inputs.map(node => ({ node, exchange: { kind: 'forward' as const } })),
  output: [time, ip],
  changes: noChanges,
  parallelism,
})

/** (ip, COUNT(*), window_start, window_end) of tumbling windows. */
export const windowCount = (
  id: string,
  input: string,
  parallelism: number,
  sizeMs = 10,
  attribute: 'rowtime' | 'proctime' = 'rowtime',
): PlanNode => ({
  kind: 'WindowAggregate',
  localPhase: false,
  id,
  label: 'WindowAggregate',
  inputs: [{ node: input, exchange: { kind: 'hash', keys: [1] } }],
  output: [...windowOutput],
  changes: noChanges,
  parallelism,
  time: {
    kind: 'assign',
    window: { kind: 'tumble', sizeMs, offsetMs: 0 },
    timeColumn: attribute === 'proctime' ? -1 : 0,
    attribute,
    localTimeZone: false,
  },
  keys: [1],
  aggregates: [count],
  properties: ['start', 'end'],
  emit: { allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null },
  inputRetracts: false,
})

/** (ip, COUNT(*)) as an updating table. */
export const groupCount = (id: string, input: string, parallelism: number): PlanNode => ({
  kind: 'GroupAggregate',
  id,
  label: 'GroupAggregate',
  inputs: [{ node: input, exchange: { kind: 'hash', keys: [1] } }],
  output: [ip, countField],
  changes: { updateBefore: true, updateAfter: true, delete: false },
  parallelism,
  keys: [1],
  aggregates: [count],
  inputRetracts: false,
  stateTtlMs: 0,
})

/** Writes what `input` emits; the world records rows under the sink's id. */
export const sink = (id: string, input: PlanNode, parallelism = input.parallelism): PlanNode => ({
  kind: 'Sink',
  id,
  label: `Sink(${id})`,
  inputs: [{ node: input.id, exchange: { kind: 'forward' } satisfies Exchange }],
  output: input.output,
  changes: input.changes,
  parallelism,
  table: table(id),
  columns: columnsOf(input.output),
  primaryKey: null,
  notNullEnforcer: 'error',
})

export const graphOf = (nodes: readonly PlanNode[]): PlanGraph => ({
  version: 1,
  name: 'memory',
  parallelism: 1,
  timeZone: 'UTC',
  nodes: [...nodes],
})

/** COUNT(*) per ip and 10 ms window, hashed by ip. */
export function countGraph(parallelism: number, idleTimeoutMs = 0): PlanGraph {
  const aggregate = windowCount('count', 'scan', parallelism)
  return graphOf([scan('scan', parallelism, '', idleTimeoutMs), aggregate, sink('sink', aggregate)])
}

export function memoryConfig(directory: string, overrides: Partial<JobConfig> = {}): JobConfig {
  return {
    checkpointing: {
      intervalMs: 20,
      timeoutMs: 10_000,
      minPauseMs: 0,
      tolerableFailures: 0,
      numRetained: 1,
      deleteOnCancel: false,
      inlineBytes: 1000,
    },
    restart: { kind: 'fixed-delay', attempts: 20, delayMs: 1 },
    bufferTimeoutMs: 10,
    maxParallelism: 128,
    numThreads: 0,
    stateDirectory: join(directory, 'job'),
    resume: { kind: 'latest' },
    ignoreUnclaimedState: false,
    raw: {},
    ...overrides,
  }
}

export interface MemoryJobOptions {
  readonly graph: PlanGraph
  readonly config: JobConfig
  readonly transactional?: boolean
  readonly logger?: Logger
  readonly overrides?: Partial<JobOptions>
}

export function memoryJob(world: MemoryWorld, options: MemoryJobOptions): Job {
  const connector = world.connector(options.transactional ?? true)
  return new Job('1', {
    graph: options.graph,
    config: options.config,
    sql: null,
    storedPlan: null,
    engineVersion: 'test',
    collector: null,
    logger: options.logger ?? silentLogger,
    findConnector: name => (name === 'memory' ? connector : undefined),
    findFormat: () => undefined,
    threadEntry: null,
    ...options.overrides,
  })
}
