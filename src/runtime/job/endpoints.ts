/** The sources and sinks of one attempt, made from the plan by injected connectors. */

import { internalError } from '../../errors/index.ts'
import type { PlanGraph, TableRef } from '../../planner/plan-graph/plan-graph.ts'
import {
  type Committer,
  type Connector,
  type Sink,
  type Source,
  sinkRequestOf,
  sourceRequestOf,
} from './connector-requests.ts'
import type { AttemptContext } from './job-context.ts'

export interface Endpoints {
  /** By scan node id. */
  readonly sources: ReadonlyMap<string, Source>
  /** By sink node id. */
  readonly sinks: ReadonlyMap<string, Sink>
  /** Each transaction group once. */
  readonly committers: readonly Committer[]
  /** Closes everything once, however often it is called. */
  close(): Promise<void>
}

export type FindConnector = (name: string) => Connector | undefined

/** Before `createEndpoints`: lets every connector of the plan load its code. */
export async function loadConnectors(graph: PlanGraph, findConnector: FindConnector): Promise<void> {
  const names = new Set<string>()
  for (const node of graph.nodes)
    if (node.kind === 'Scan' || node.kind === 'Sink') names.add(node.table.options['connector'] ?? '')
  await Promise.all([...names].map(name => findConnector(name)?.load?.()))
}

export function createEndpoints(
  graph: PlanGraph,
  findConnector: FindConnector,
  context: AttemptContext,
): Endpoints {
  const sources = new Map<string, Source>()
  const sinks = new Map<string, Sink>()
  const committers = new Map<string, Committer>()
  const closeAll = async (): Promise<void> => {
    const parts = [...sources.values(), ...committers.values(), ...sinks.values()]
    for (const result of await Promise.allSettled(parts.map(async part => part.close()))) {
      if (result.status === 'rejected')
        context.logger.warn('closing failed', { reason: String(result.reason) })
    }
  }
  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= closeAll()
    return closing
  }
  try {
    for (const node of graph.nodes) {
      if (node.kind === 'Scan') {
        const source = connectorOf(node.table, findConnector).createSource?.(sourceRequestOf(node), context)
        if (source === undefined) throw internalError(`table ${node.table.path[2]} cannot be read`)
        sources.set(node.id, source)
      } else if (node.kind === 'Sink') {
        const sink = connectorOf(node.table, findConnector).createSink?.(sinkRequestOf(node), context)
        if (sink === undefined) throw internalError(`table ${node.table.path[2]} cannot be written`)
        sinks.set(node.id, sink)
        if (sink.committer !== null) committers.set(sink.committer.id, sink.committer)
      }
    }
  } catch (error) {
    void close()
    throw error
  }
  return { sources, sinks, committers: [...committers.values()], close }
}

function connectorOf({ options }: TableRef, findConnector: FindConnector): Connector {
  const name = options['connector'] ?? ''
  const connector = findConnector(name)
  if (connector === undefined) throw internalError(`no connector '${name}' is registered`)
  return connector
}
