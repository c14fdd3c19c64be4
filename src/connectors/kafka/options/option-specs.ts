/** The option tables of `kafka` and `upsert-kafka`. */
import type { OptionSpec } from '../../../catalog/index.ts'
import { honouredProperties, ignoredProperties } from './java-properties.ts'

const boundedModes = ['unbounded', 'latest-offset', 'group-offsets', 'timestamp', 'specific-offsets']

const propertySpecs: readonly OptionSpec[] = [
  ...honouredProperties.map(property => ({ ...property, key: `properties.${property.key}` })),
  ...ignoredProperties.map(
    (key): OptionSpec => ({ key: `properties.${key}`, type: 'string', doc: 'Accepted, without effect.' }),
  ),
]

const topicSpecs: readonly OptionSpec[] = [
  { key: 'connector', type: 'string', required: true, doc: 'kafka or upsert-kafka.' },
  {
    key: 'topic',
    type: 'string-list',
    doc: "Topics, separated by ';'. A sink with several needs the writable metadata column 'topic'.",
  },
  { key: 'topic-pattern', type: 'string', doc: 'Regular expression a whole topic name must match.' },
]

const scanSpecs: readonly OptionSpec[] = [
  {
    key: 'scan.bounded.mode',
    type: 'enum',
    values: boundedModes,
    default: 'unbounded',
    doc: 'Where reading ends; resolved once when the job starts.',
  },
  {
    key: 'scan.bounded.specific-offsets',
    type: 'string',
    doc: 'partition:0,offset:42;partition:1,offset:300. Partitions not listed are not read.',
  },
  { key: 'scan.bounded.timestamp-millis', type: 'integer', doc: 'Epoch milliseconds.' },
  {
    key: 'scan.topic-partition-discovery.interval',
    type: 'duration',
    default: '5 min',
    doc: 'How often new partitions are looked for; 0 = only at start.',
  },
  { key: 'scan.parallelism', type: 'integer', doc: 'Subtasks that read this table.' },
]

const guaranteeSpecs: readonly OptionSpec[] = [
  {
    key: 'sink.delivery-guarantee',
    type: 'enum',
    values: ['at-least-once', 'exactly-once', 'none'],
    default: 'at-least-once',
    doc: 'exactly-once writes in transactions that are committed with the checkpoints.',
  },
  {
    key: 'sink.transactional-id-prefix',
    type: 'string',
    doc: 'Needed for exactly-once; unique per job and cluster. Tables of one job on one cluster use the same.',
  },
  {
    key: 'sink.transaction-naming-strategy',
    type: 'enum',
    values: ['INCREMENTING', 'POOLING'],
    default: 'POOLING',
    doc: 'Accepted for Flink; Millrace always uses a small pool of ids.',
  },
  { key: 'sink.parallelism', type: 'integer', doc: 'Subtasks that write this table.' },
]

const keySpecs: readonly OptionSpec[] = [
  {
    key: 'key.fields-prefix',
    type: 'string',
    default: '',
    doc: "Prefix of the key columns' names in the table that the key format does not see.",
  },
  {
    key: 'value.fields-include',
    type: 'enum',
    values: ['ALL', 'EXCEPT_KEY'],
    default: 'ALL',
    doc: 'Whether the value holds the key columns too.',
  },
]

export const kafkaOptions: readonly OptionSpec[] = [
  ...topicSpecs,
  ...propertySpecs,
  { key: 'format', type: 'string', doc: 'Format of the value; the same as value.format.' },
  { key: 'value.format', type: 'string', doc: 'Format of the value.' },
  { key: 'key.format', type: 'string', doc: 'Format of the key; needs key.fields.' },
  { key: 'key.fields', type: 'string-list', doc: "Physical columns of the key, separated by ';'." },
  ...keySpecs,
  {
    key: 'scan.startup.mode',
    type: 'enum',
    values: ['earliest-offset', 'latest-offset', 'group-offsets', 'timestamp', 'specific-offsets'],
    default: 'group-offsets',
    doc: 'Where reading begins when the job has no state.',
  },
  {
    key: 'scan.startup.specific-offsets',
    type: 'string',
    doc: 'partition:0,offset:42;partition:1,offset:300, for a single topic.',
  },
  { key: 'scan.startup.timestamp-millis', type: 'integer', doc: 'Epoch milliseconds.' },
  ...scanSpecs,
  {
    key: 'sink.partitioner',
    type: 'string',
    default: 'default',
    doc: 'default (hash of the key, or whole batches in turn), fixed (one partition per subtask) or round-robin.',
  },
  ...guaranteeSpecs,
  {
    key: 'sink.semantic',
    type: 'enum',
    values: ['at-least-once', 'exactly-once', 'none'],
    doc: 'Deprecated alias of sink.delivery-guarantee.',
  },
]

export const upsertKafkaOptions: readonly OptionSpec[] = [
  ...topicSpecs,
  ...propertySpecs,
  { key: 'key.format', type: 'string', required: true, doc: 'Format of the key, the PRIMARY KEY.' },
  { key: 'value.format', type: 'string', required: true, doc: 'Format of the value.' },
  ...keySpecs,
  ...scanSpecs,
  {
    key: 'sink.buffer-flush.max-rows',
    type: 'integer',
    default: '0',
    doc: 'Keep the last row of each key until so many keys are held; needs sink.buffer-flush.interval. 0 = off.',
  },
  {
    key: 'sink.buffer-flush.interval',
    type: 'duration',
    default: '0 s',
    doc: 'Send held rows after this long; needs sink.buffer-flush.max-rows.',
  },
  ...guaranteeSpecs,
]
