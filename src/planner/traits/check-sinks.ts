/** Plan-time checks of what reaches a sink, and of nodes that take inserts only. */
import { validationError } from '../../errors/index.ts'
import type { PhysicalNode } from '../physical/physical-node.ts'
import type { SinkColumn } from '../plan-graph/plan-graph.ts'
import { isUniqueBy } from './upsert-key.ts'

export interface CheckedSink {
  readonly node: PhysicalNode
  readonly tableName: string
  readonly changelogMode: 'insert' | 'upsert' | 'retract'
}

const changes = (node: PhysicalNode): boolean => node.modifies.update || node.modifies.delete

/** Throws MR_PLAN_APPEND_SINK or MR_PLAN_UPSERT_KEY when the sink cannot hold the query's updates. */
export function checkSink({ node, tableName, changelogMode }: CheckedSink): void {
  const input = node.inputs[0]!.node
  if (!changes(input)) return
  if (changelogMode === 'insert') throw appendSink(node, tableName, input)
  if (changelogMode !== 'upsert' || node.body.kind !== 'Sink') return
  const { primaryKey } = node.body
  if (primaryKey === null) {
    throw validationError(
      'MR_PLAN_NO_PRIMARY_KEY',
      `the sink table '${tableName}' takes updates by key but has no PRIMARY KEY`,
      {
        position: node.position,
        hint: `declare one in CREATE TABLE ${tableName}: PRIMARY KEY (…) NOT ENFORCED`,
      },
    )
  }
  if (isUniqueBy(input.upsertKeys, primaryKey)) return
  throw upsertKeyMismatch(node, tableName, input, primaryKey)
}

function upsertKeyMismatch(
  node: PhysicalNode,
  tableName: string,
  input: PhysicalNode,
  primaryKey: readonly number[],
) {
  const written = node.body.kind === 'Sink' ? node.body.columns : []
  const names = (columns: readonly number[]) => columns.map(c => sinkColumnName(written[c]!)).join(', ')
  const keys = input.upsertKeys.map(key => `(${names(key)})`)
  const query =
    keys.length === 0 ? 'the query has no upsert key' : `the query's upsert key is ${keys.join(' or ')}`
  return validationError(
    'MR_PLAN_UPSERT_KEY',
    `${query}, but the primary key of '${tableName}' is (${names(primaryKey)}): updates of different rows would overwrite each other`,
    {
      position: node.position,
      hint:
        keys.length === 0
          ? 'select the columns the query groups by, and make them the PRIMARY KEY'
          : `make ${keys[0]} the PRIMARY KEY of '${tableName}', or group by (${names(primaryKey)})`,
    },
  )
}

function appendSink(node: PhysicalNode, tableName: string, input: PhysicalNode) {
  const culprit = firstUpdating(input)
  return validationError(
    'MR_PLAN_APPEND_SINK',
    `the sink table '${tableName}' takes inserts only, but ${describe(culprit)} makes updates`,
    {
      position: culprit.position ?? node.position,
      hint: remedy(culprit),
    },
  )
}

const sinkColumnName = (column: SinkColumn): string => (column.kind === 'physical' ? column.name : column.key)

/** The lowest node that turns inserts into updates: the reason, not a mere carrier. */
function firstUpdating(node: PhysicalNode): PhysicalNode {
  const below = node.inputs.map(input => input.node).find(changes)
  return below === undefined ? node : firstUpdating(below)
}

function describe(node: PhysicalNode): string {
  const { body } = node
  switch (body.kind) {
    case 'GroupAggregate': {
      const names = body.keys.map(k => node.inputs[0]!.node.output[k]!.name)
      return names.length === 0 ? 'the aggregate over all rows' : `the aggregate by (${names.join(', ')})`
    }
    case 'WindowAggregate':
      return 'the window aggregate with early firing or allowed lateness'
    case 'Scan':
      return `the changelog source '${body.table.path[2]}'`
    default:
      return node.label
  }
}

function remedy(node: PhysicalNode): string {
  switch (node.body.kind) {
    case 'WindowAggregate':
      return "use an upsert-kafka table with a PRIMARY KEY, or RESET 'table.exec.emit.allow-lateness' and 'table.exec.emit.early-fire.enabled'"
    case 'GroupAggregate':
      return 'group by window_start and window_end of a window function for final rows, or use an upsert-kafka table with a PRIMARY KEY or a changelog format'
    default:
      return 'use an upsert-kafka table with a PRIMARY KEY or a changelog format such as debezium-json'
  }
}

/** Throws MR_PLAN_UPDATING_INPUT where a node below `root` takes inserts only but gets updates. */
export function checkInputs(root: PhysicalNode): void {
  for (const { node: input } of root.inputs) {
    if (root.body.kind === 'WindowTopN' && changes(input)) {
      const culprit = firstUpdating(input)
      throw validationError(
        'MR_PLAN_UPDATING_INPUT',
        `a window Top-N takes inserts only, but ${describe(culprit)} makes updates`,
        { position: root.position, hint: 'rank the rows of a window aggregate that fires once, at its end' },
      )
    }
    checkInputs(input)
  }
}
