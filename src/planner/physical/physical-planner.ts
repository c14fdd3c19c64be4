/**
 * Logical plan → physical nodes: Calcs from filters and projections, exchanges, parallelism, normalization of
 * upsert sources. A logical node that is shared becomes one physical node.
 */
import { internalError, validationError } from '../../errors/index.ts'
import { sameType } from '../../types/index.ts'
import { windowText } from '../explain/print-window.ts'
import { allColumns, isIdentity } from '../expression-rewrite.ts'
import type {
  Aggregate,
  Filter,
  LogicalPlan,
  LogicalVisitor,
  Project,
  Scan,
  Sink,
  Union,
  Values,
  WindowAggregate,
  WindowTableFunction,
  WindowTopN,
} from '../logical/index.ts'
import { visit } from '../logical/index.ts'
import type { Exchange } from '../plan-graph/plan-graph.ts'
import {
  anywhere,
  exchangeByKeys,
  exchangeToKeyedSink,
  hashed,
  projectedDistribution,
  singleton,
} from '../traits/distribution.ts'
import { projectedKeys, type UpsertKeys } from '../traits/upsert-key.ts'
import { type AggPhaseStrategy, hasLocalPhase } from './local-phase.ts'
import type { Modifies, PhysicalNode } from './physical-node.ts'

export interface PhysicalContext {
  readonly parallelism: number
  /** `table.exec.state.ttl`, ms. */
  readonly stateTtlMs: number
  readonly notNullEnforcer: 'error' | 'drop'
  /** `table.exec.sink.keyed-shuffle`. */
  readonly keyedShuffle: 'NONE' | 'AUTO' | 'FORCE'
  readonly aggPhaseStrategy: AggPhaseStrategy
  /** `table.exec.source.cdc-events-duplicate`. */
  readonly normalizeCdc: boolean
}

const insertsOnly: Modifies = { update: false, delete: false }

export class PhysicalPlanner {
  readonly #context: PhysicalContext
  readonly #done = new Map<LogicalPlan, PhysicalNode>()
  readonly #visitor: LogicalVisitor<PhysicalNode>

  constructor(context: PhysicalContext) {
    this.#context = context
    this.#visitor = {
      Scan: node => this.#scan(node),
      Values: node => this.#values(node),
      Filter: node => this.#calc(node),
      Project: node => this.#calc(node),
      WindowTableFunction: node => this.#windowTableFunction(node),
      Aggregate: node => this.#aggregate(node),
      WindowAggregate: node => this.#windowAggregate(node),
      RowNumber: node => {
        throw validationError('MR_PLAN_UNSUPPORTED', 'ROW_NUMBER is supported only as a window Top-N yet', {
          position: node.position,
          hint: 'filter the row number in the query around it: WHERE rownum <= n, partitioned by window_start and window_end',
        })
      },
      WindowTopN: node => this.#windowTopN(node),
      Union: node => this.#union(node),
      Sink: node => this.#sink(node),
      Collect: node => this.#collect(node),
    }
  }

  plan(node: LogicalPlan): PhysicalNode {
    const known = this.#done.get(node)
    if (known !== undefined) return known
    const planned = visit(node, this.#visitor)
    this.#done.set(node, planned)
    return planned
  }

  #scan(node: Scan): PhysicalNode {
    const { changelogMode, bounded } = node.source
    const key = primaryKeyPlaces(node)
    const parallelism = positiveInteger(node.table.options['scan.parallelism']) ?? this.#context.parallelism
    const name = node.table.path[2]
    const scan: PhysicalNode = {
      body: {
        kind: 'Scan',
        table: node.table,
        columns: node.columns,
        watermark: node.watermark,
        condition: node.condition,
        projections: node.projections,
        bounded,
      },
      label: `Scan(${name})`,
      identity: `Scan(${name})`,
      inputs: [],
      output: node.output,
      parallelism,
      modifies:
        changelogMode === 'insert'
          ? insertsOnly
          : { update: true, delete: true, updateBefore: changelogMode === 'retract' },
      upsertKeys: key === undefined ? [] : [key],
      distribution: anywhere,
    }
    const duplicates = this.#context.normalizeCdc && changelogMode === 'retract' && key !== undefined
    return changelogMode === 'upsert' || duplicates ? this.#normalize(scan, key) : scan
  }

  #normalize(scan: PhysicalNode, key: readonly number[] | undefined): PhysicalNode {
    if (key === undefined) throw internalError(`upsert source ${scan.label} without a primary key`)
    const { parallelism, stateTtlMs } = this.#context
    return {
      body: { kind: 'ChangelogNormalize', keys: key, stateTtlMs },
      label: 'ChangelogNormalize',
      identity: `ChangelogNormalize(${namesOf(scan, key)})`,
      inputs: [{ node: scan, exchange: exchangeByKeys(scan, key, parallelism) }],
      output: scan.output,
      parallelism,
      modifies: { update: true, delete: true },
      upsertKeys: [key],
      distribution: hashed(key),
    }
  }

  #values(node: Values): PhysicalNode {
    return {
      body: { kind: 'Values', rows: node.rows },
      label: 'Values',
      identity: '',
      inputs: [],
      output: node.output,
      parallelism: 1,
      modifies: insertsOnly,
      upsertKeys: [],
      distribution: singleton,
    }
  }

  /** Project(Filter(x)), Project(x) and Filter(x) are one Calc each. */
  #calc(node: Filter | Project): PhysicalNode {
    const filter = node.kind === 'Filter' ? node : node.input.kind === 'Filter' ? node.input : undefined
    const below = filter === undefined ? node.input : filter.input
    const input = this.plan(below)
    const projections = node.kind === 'Project' ? node.projections : allColumns(node.output)
    return {
      body: { kind: 'Calc', condition: filter?.condition ?? null, projections },
      label: 'Calc',
      identity: '',
      inputs: [{ node: input, exchange: { kind: 'forward' } }],
      output: node.output,
      parallelism: input.parallelism,
      modifies: input.modifies,
      upsertKeys: projectedKeys(input.upsertKeys, projections),
      distribution: projectedDistribution(input.distribution, projections),
    }
  }

  #windowTableFunction(node: WindowTableFunction): PhysicalNode {
    const input = this.plan(node.input)
    return {
      body: { kind: 'WindowTableFunction', time: node.time },
      label: `WindowTableFunction(${windowText(node.time.window)})`,
      identity: '',
      inputs: [{ node: input, exchange: { kind: 'forward' } }],
      output: node.output,
      parallelism: input.parallelism,
      modifies: input.modifies,
      upsertKeys: [],
      distribution: input.distribution,
    }
  }

  #keyed(keys: readonly number[]): number {
    return keys.length === 0 ? 1 : this.#context.parallelism
  }

  #aggregate(node: Aggregate): PhysicalNode {
    const input = this.plan(node.input)
    const parallelism = this.#keyed(node.keys)
    const changes = input.modifies.update || input.modifies.delete
    const keys = [...node.keys.keys()]
    return {
      body: {
        kind: 'GroupAggregate',
        keys: node.keys,
        aggregates: node.aggregates,
        inputRetracts: changes,
        stateTtlMs: this.#context.stateTtlMs,
      },
      label: node.aggregates.length === 0 ? 'GroupAggregate(distinct)' : 'GroupAggregate',
      identity: `GroupAggregate(${namesOf(input, node.keys)})`,
      inputs: [{ node: input, exchange: exchangeByKeys(input, node.keys, parallelism) }],
      output: node.output,
      parallelism,
      modifies: { update: node.aggregates.length > 0, delete: changes },
      upsertKeys: [keys],
      distribution: hashed(keys),
      position: node.position,
    }
  }

  #windowAggregate(node: WindowAggregate): PhysicalNode {
    const input = this.plan(node.input)
    const parallelism = this.#keyed(node.keys)
    const retracts = input.modifies.update || input.modifies.delete
    const { emit, time } = node
    const updates = emit.allowedLatenessMs > 0 || emit.earlyDelayMs !== null
    const window = time.kind === 'assign' ? windowText(time.window) : 'attached'
    const keys = [...node.keys.keys()]
    const exchange = exchangeByKeys(input, node.keys, parallelism)
    const body = {
      kind: 'WindowAggregate' as const,
      time,
      keys: node.keys,
      aggregates: node.aggregates,
      properties: node.properties,
      emit,
      inputRetracts: retracts,
    }
    const strategy = this.#context.aggPhaseStrategy
    return {
      body: { ...body, localPhase: hasLocalPhase(body, { strategy, input, exchange }) },
      label: `WindowAggregate(${window})`,
      identity: `WindowAggregate(${[namesOf(input, node.keys), window].filter(Boolean).join('; ')})`,
      inputs: [{ node: input, exchange }],
      output: node.output,
      parallelism,
      modifies: { update: updates, delete: updates && retracts },
      upsertKeys: windowAggregateKeys(node),
      distribution: hashed(keys),
      position: node.position,
    }
  }

  #windowTopN(node: WindowTopN): PhysicalNode {
    const input = this.plan(node.input)
    const parallelism = this.#keyed(node.partitionKeys)
    const { partitionKeys, startColumn, endColumn } = node
    const rank = node.outputRowNumber ? [node.output.length - 1] : []
    const one = node.from === node.to
    const unique = [...partitionKeys, startColumn, endColumn, ...(one ? [] : rank)]
    return {
      body: {
        kind: 'WindowTopN',
        startColumn,
        endColumn,
        localTimeZone: node.localTimeZone,
        partitionKeys,
        sortKeys: node.sortKeys,
        from: node.from,
        to: node.to,
        outputRowNumber: node.outputRowNumber,
      },
      label: `WindowTopN(${node.from}..${node.to})`,
      identity: `WindowTopN(${namesOf(input, partitionKeys)})`,
      inputs: [{ node: input, exchange: exchangeByKeys(input, partitionKeys, parallelism) }],
      output: node.output,
      parallelism,
      modifies: insertsOnly,
      upsertKeys: one || rank.length > 0 ? [unique] : [],
      distribution: hashed(partitionKeys),
      position: node.position,
    }
  }

  #union(node: Union): PhysicalNode {
    const inputs = node.inputs.map(input => this.plan(input))
    const parallelism = Math.max(...inputs.map(input => input.parallelism))
    return {
      body: { kind: 'Union' },
      label: 'Union',
      identity: 'Union',
      inputs: inputs.map(input => ({ node: input, exchange: keepingOrder(input, parallelism) })),
      output: node.output,
      parallelism,
      modifies: {
        update: inputs.some(input => input.modifies.update),
        delete: inputs.some(input => input.modifies.delete),
      },
      upsertKeys: [],
      distribution: parallelism === 1 ? singleton : anywhere,
    }
  }

  #sink(node: Sink): PhysicalNode {
    const input = this.plan(withoutRenaming(node.input))
    const parallelism = positiveInteger(node.table.options['sink.parallelism']) ?? input.parallelism
    const { primaryKey } = node
    const changes = input.modifies.update || input.modifies.delete
    const keyed =
      primaryKey !== null &&
      this.#context.keyedShuffle !== 'NONE' &&
      (node.changelogMode !== 'insert' || changes)
    return {
      body: {
        kind: 'Sink',
        table: node.table,
        columns: node.columns,
        primaryKey,
        notNullEnforcer: this.#context.notNullEnforcer,
      },
      label: `Sink(${node.table.path[2]})`,
      identity: '',
      inputs: [
        {
          node: input,
          exchange: keyed
            ? exchangeToKeyedSink(input, primaryKey, parallelism)
            : keepingOrder(input, parallelism),
        },
      ],
      output: [],
      parallelism,
      modifies: input.modifies,
      upsertKeys: [],
      distribution: anywhere,
      wantsUpdateBefore: node.changelogMode === 'retract',
      position: node.position,
    }
  }

  #collect(node: Extract<LogicalPlan, { kind: 'Collect' }>): PhysicalNode {
    const input = this.plan(node.input)
    return {
      body: { kind: 'Collect' },
      label: 'Collect',
      identity: '',
      inputs: [{ node: input, exchange: exchangeByKeys(input, [], 1) }],
      output: node.output,
      parallelism: 1,
      modifies: input.modifies,
      upsertKeys: input.upsertKeys,
      distribution: singleton,
    }
  }
}

/** A sink writes by position: a projection that only renames is left out in front of it. */
function withoutRenaming(plan: LogicalPlan): LogicalPlan {
  if (plan.kind !== 'Project' || plan.input.kind === 'Filter') return plan
  const below = plan.input.output
  const renames =
    isIdentity(plan.projections, below.length) &&
    below.every((f, i) => sameType(f.type, plan.output[i]!.type))
  return renames ? plan.input : plan
}

/** Between different parallelisms, versions of one row must stay in one subtask and in order. */
function keepingOrder(input: PhysicalNode, parallelism: number): Exchange {
  if (input.parallelism === parallelism) return { kind: 'forward' }
  if (parallelism === 1) return { kind: 'singleton' }
  const changes = input.modifies.update || input.modifies.delete
  const key = input.upsertKeys[0]
  if (changes && key !== undefined && key.length > 0) return { kind: 'hash', keys: key }
  if (changes && input.parallelism > 1) {
    throw validationError(
      'MR_PLAN_PARALLELISM',
      `${input.label} makes updates without a key, so its ${input.parallelism} subtasks cannot feed ${parallelism}`,
      { hint: 'give both the same parallelism (scan.parallelism, sink.parallelism)' },
    )
  }
  return { kind: 'rebalance' }
}

const namesOf = (input: PhysicalNode, columns: readonly number[]): string =>
  columns.map(column => input.output[column]!.name).join(', ')

/** Where a scan's output holds the table's primary key, if it holds all of it. */
function primaryKeyPlaces(node: Scan): readonly number[] | undefined {
  const names = node.table.schema.primaryKey?.columns
  if (names === undefined) return undefined
  const places = names.map(name =>
    node.projections.findIndex(e => {
      if (e.kind !== 'InputRef') return false
      const column = node.columns[e.index]!
      return column.kind === 'physical' && column.name === name
    }),
  )
  return places.includes(-1) ? undefined : places
}

/** Keys with the window's start; cumulating windows share starts, hopping ones do not. */
function windowAggregateKeys(node: WindowAggregate): UpsertKeys {
  const firstProperty = node.keys.length + node.aggregates.length
  const keys = [...node.keys.keys()]
  const at = (property: 'start' | 'end' | 'time') => {
    const i = node.properties.indexOf(property)
    return i < 0 ? undefined : firstProperty + i
  }
  const [start, end, time] = [at('start'), at('end'), at('time')]
  const exact = node.time.kind === 'assign' && node.time.window.kind !== 'cumulate'
  const result: number[][] = []
  if (start !== undefined && end !== undefined) result.push([...keys, start, end])
  if (start !== undefined && time !== undefined) result.push([...keys, start, time])
  if (exact) {
    for (const one of [start, end, time]) if (one !== undefined) result.push([...keys, one])
  }
  return result
}

/** A parallelism option; the connector has checked its form, so anything else counts as not set. */
function positiveInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : undefined
}
