import type { OptionValues } from '../../../catalog/index.ts'
import { configError } from '../../../errors/index.ts'
import { longestWaitMs } from '../requests/longest-wait.ts'
import type { BoundedMode, OffsetsMode, SourceConfig } from '../source/source-config.ts'
import { WITNESS_GROUP_PREFIX } from '../transaction/witness.ts'
import { connectionConfig } from './connection-options.ts'
import { type KafkaTable, problem } from './table-options.ts'

/** Checks what can be checked without files and network. */
export function checkSource(table: KafkaTable): void {
  startupMode(table)
  boundedMode(table)
  if (table.values.optionalString('properties.group.id')?.startsWith(WITNESS_GROUP_PREFIX) === true) {
    throw problem(
      table,
      `has a 'properties.group.id' that begins with '${WITNESS_GROUP_PREFIX}', where exactly-once sinks keep their witnesses`,
      'Choose another group.',
    )
  }
}

export function sourceConfig(table: KafkaTable, jobName: string): SourceConfig {
  const { values } = table
  const int = (key: string): number => values.integer(`properties.${key}`)
  const startup = startupMode(table)
  const groupId = values.optionalString('properties.group.id') ?? null
  const reset = values.string('properties.auto.offset.reset') as SourceConfig['autoOffsetReset']
  if (startup.mode === 'group-offsets' && groupId === null && reset === 'none') {
    throw problem(
      table,
      "starts at group offsets (the default of 'scan.startup.mode') but has no 'properties.group.id'",
      "Set 'scan.startup.mode' to earliest-offset or latest-offset, or give a group.",
    )
  }
  const silentMs = longestWaitMs(int('request.timeout.ms'))
  const mayGrow = !values.isSet('properties.fetch.max.wait.ms') && int('fetch.min.bytes') <= 1
  return {
    tableName: table.name,
    connection: connectionConfig(values, jobName),
    topics: values.has('topic') ? values.list('topic') : null,
    topicPattern: values.has('topic-pattern') ? new RegExp(values.string('topic-pattern')) : null,
    startup,
    bounded: boundedMode(table),
    groupId,
    autoOffsetReset: reset,
    publishOffsets: values.boolean('properties.commit.offsets.on.checkpoint'),
    readCommitted: values.string('properties.isolation.level') === 'read_committed',
    discoveryMs:
      values.optionalInteger('properties.partition.discovery.interval.ms') ??
      values.duration('scan.topic-partition-discovery.interval'),
    fetch: {
      maxWaitMs: int('fetch.max.wait.ms'),
      idleWaitMs: mayGrow ? silentMs : int('fetch.max.wait.ms'),
      silentMs,
      minBytes: int('fetch.min.bytes'),
      maxBytes: int('fetch.max.bytes'),
      maxPartitionBytes: int('max.partition.fetch.bytes'),
      checkCrc: values.boolean('properties.check.crcs'),
    },
    upsert: table.upsert,
  }
}

function startupMode(table: KafkaTable): OffsetsMode {
  // upsert-kafka must see every key's first row.
  if (table.upsert) return { mode: 'earliest-offset' }
  return offsetsMode(table, 'scan.startup', table.values.string('scan.startup.mode') as OffsetsMode['mode'])
}

function boundedMode(table: KafkaTable): BoundedMode | null {
  const mode = table.values.string('scan.bounded.mode') as BoundedMode['mode'] | 'unbounded'
  if (mode === 'unbounded') return null
  const bounded = offsetsMode(table, 'scan.bounded', mode) as BoundedMode
  if (mode === 'group-offsets' && !table.values.has('properties.group.id'))
    throw problem(table, "ends at group offsets but has no 'properties.group.id'", undefined)
  return bounded
}

function offsetsMode(table: KafkaTable, prefix: string, mode: OffsetsMode['mode']): OffsetsMode {
  const { values } = table
  const needs = (option: string): void => {
    if (!values.has(option))
      throw problem(table, `has '${prefix}.mode' = '${mode}' but not '${option}'`, undefined)
  }
  switch (mode) {
    case 'timestamp':
      needs(`${prefix}.timestamp-millis`)
      return { mode, timestampMs: values.integer(`${prefix}.timestamp-millis`) }
    case 'specific-offsets':
      needs(`${prefix}.specific-offsets`)
      if (!values.has('topic') || values.list('topic').length > 1)
        throw problem(
          table,
          `has '${prefix}.mode' = '${mode}', which works with a single topic only`,
          undefined,
        )
      return { mode, offsets: specificOffsets(values, `${prefix}.specific-offsets`) }
    case 'earliest-offset':
    case 'latest-offset':
    case 'group-offsets':
      return { mode }
  }
}

function specificOffsets(values: OptionValues, option: string): ReadonlyMap<number, number> {
  const text = values.string(option)
  const offsets = new Map<number, number>()
  for (const part of text
    .split(';')
    .map(p => p.trim())
    .filter(p => p !== '')) {
    const match = /^partition\s*:\s*(\d+)\s*,\s*offset\s*:\s*(\d+)$/.exec(part)
    if (match === null) {
      throw configError('MR_CONFIG_OPTION_VALUE', `option '${option}' has a wrong value '${text}'`, {
        expected: ['partition:0,offset:42;partition:1,offset:300'],
      })
    }
    offsets.set(Number(match[1]), Number(match[2]))
  }
  return offsets
}
