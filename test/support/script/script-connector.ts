/** The `script` connector: `script-table` names the table of the world; both changelog modes can be declared. */
import type { ChangelogMode, MetadataKey } from '../../../src/catalog/index.ts'
import type { Connector } from '../../../src/connectors/contract/index.ts'
import { ScriptCommitter, ScriptSink } from './script-sink.ts'
import { ScriptSource } from './script-source.ts'
import type { ScriptWorld } from './script-world.ts'

const metadata: readonly MetadataKey[] = [
  { key: 'timestamp', type: { kind: 'TIMESTAMP_LTZ', precision: 3, nullable: true }, writable: true },
  { key: 'partition', type: { kind: 'INTEGER', nullable: false }, writable: false },
  { key: 'offset', type: { kind: 'BIGINT', nullable: false }, writable: false },
]

const modeOf = (text: string | undefined, otherwise: ChangelogMode): ChangelogMode =>
  text === 'insert' || text === 'upsert' || text === 'retract' ? text : otherwise

export const scriptConnector = (world: ScriptWorld): Connector => ({
  name: 'script',
  staysInHost: true,
  options: [],
  capabilities: ({ options }) => ({
    source: {
      bounded: !world.unbounded,
      changelogMode: modeOf(options['changelog-mode'], 'insert'),
      metadata,
    },
    sink: {
      changelogMode: modeOf(options['sink.changelog-mode'], 'retract'),
      metadata,
      deliveryGuarantee: 'exactly-once',
    },
  }),
  createSource: request => new ScriptSource(world, request),
  createSink: (request, job) =>
    new ScriptSink(
      world,
      request,
      job.checkpointIntervalMs === 0
        ? null
        : job.shared('script', () => new ScriptCommitter(world, job.jobName)),
    ),
})
