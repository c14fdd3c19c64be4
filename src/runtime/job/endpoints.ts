/** The sources and sinks of one attempt, made from the plan by injected connectors. */

import { internalError } from '../../errors/index.ts'
import type { PlanGraph } from '../../planner/plan-graph/plan-graph.ts'
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
  close(): Promise<void>
}

export type FindConnector = (name: string) => Connector | undefined

export function createEndpoints(
  graph: PlanGraph,
  findConnector: FindConnector,
  context: AttemptContext,
): Endpoints {
  const sources = new Map<string, Source>()
  const sinks = new Map<string, Sink>()
  const connectorOf = (options: Readonly<Record<string, string>>): Connector => {
    const connector = findConnector(options['connector'] ?? '')
    if (connector === undefined)
      throw internalError(`no connector '${options['connector'] ?? ''}' is registered`)
    return connector
  }
  for (const node of graph.nodes) {
    if (node.kind === 'Scan') {
      const source = connectorOf(node.table.options).createSource?.(sourceRequestOf(node), context)
      if (source === undefined) throw internalError(`table ${node.table.path[2]} cannot be read`)
      sources.set(node.id, source)
    } else if (node.kind === 'Sink') {
      const sink = connectorOf(node.table.options).createSink?.(sinkRequestOf(node), context)
      if (sink === undefined) throw internalError(`table ${node.table.path[2]} cannot be written`)
      sinks.set(node.id, sink)
    }
  }
  const committers = new Map<string, Committer>()
  for (const { committer } of sinks.values()) if (committer !== null) committers.set(committer.id, committer)
  return {
    sources,
    sinks,
    committers: [...committers.values()],
    async close() {
      const closing = [...sources.values(), ...committers.values(), ...sinks.values()].map(part =>
        part.close(),
      )
      for (const result of await Promise.allSettled(closing)) {
        if (result.status === 'rejected')
          context.logger.warn('closing failed', { reason: String(result.reason) })
      }
    },
  }
}
