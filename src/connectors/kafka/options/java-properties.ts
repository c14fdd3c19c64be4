/**
 * Every `properties.*` key of Kafka's Java clients that is known here, and what becomes of it. Flink passes them
 * through and ignores typos; here an unknown key is an error, a known one without meaning is noted in the log,
 * and one whose absence would change results or security is refused.
 */
import type { OptionType } from '../../../catalog/index.ts'

export interface HonouredProperty {
  readonly key: string
  readonly type: Exclude<OptionType, 'map'>
  readonly values?: readonly string[]
  readonly default?: string
  readonly secret?: boolean
  readonly doc: string
}

/** Keys with the meaning they have in Java, unless the text says otherwise. */
export const honouredProperties: readonly HonouredProperty[] = [
  { key: 'bootstrap.servers', type: 'string', doc: 'Comma-separated host:port list of brokers.' },
  {
    key: 'client.id',
    type: 'string',
    doc: 'Name in the logs and quotas of the brokers. Default: millrace-<job>.',
  },
  { key: 'client.id.prefix', type: 'string', doc: 'Flink: prefix of the client id; used as it is.' },
  {
    key: 'group.id',
    type: 'string',
    doc: 'Group for start mode group-offsets and for lag monitors; never for recovery.',
  },
  {
    key: 'auto.offset.reset',
    type: 'enum',
    values: ['earliest', 'latest', 'none'],
    default: 'none',
    doc: 'Where partitions start for which the group has no offset.',
  },
  {
    key: 'isolation.level',
    type: 'enum',
    values: ['read_uncommitted', 'read_committed'],
    default: 'read_uncommitted',
    doc: "Set read_committed to see only committed transactions. The default is Kafka's.",
  },
  {
    key: 'commit.offsets.on.checkpoint',
    type: 'boolean',
    default: 'true',
    doc: 'Flink: write offsets to group.id after each checkpoint.',
  },
  {
    key: 'partition.discovery.interval.ms',
    type: 'integer',
    doc: 'Deprecated alias of scan.topic-partition-discovery.interval.',
  },
  {
    key: 'fetch.min.bytes',
    type: 'integer',
    default: '1',
    doc: 'Bytes a broker waits for before it answers a fetch.',
  },
  {
    key: 'fetch.max.wait.ms',
    type: 'integer',
    default: '500',
    doc: 'How long a broker waits for fetch.min.bytes. When not set, an idle source lets it wait 10 s, at most half of request.timeout.ms: the first byte is answered at once all the same.',
  },
  {
    key: 'fetch.max.bytes',
    type: 'integer',
    default: '52428800',
    doc: 'Bytes of one fetch response. All readers of a table together hold no more than 32 MiB of records that wait.',
  },
  {
    key: 'max.partition.fetch.bytes',
    type: 'integer',
    default: '1048576',
    doc: 'Bytes of one partition in a response, and of what is held per partition.',
  },
  { key: 'check.crcs', type: 'boolean', default: 'true', doc: 'Check the CRC-32C of every record batch.' },
  {
    key: 'metadata.max.age.ms',
    type: 'integer',
    default: '300000',
    doc: 'How old partition counts of sink topics may be.',
  },
  { key: 'request.timeout.ms', type: 'integer', default: '30000', doc: 'How long one request may take.' },
  {
    key: 'socket.connection.setup.timeout.ms',
    type: 'integer',
    default: '10000',
    doc: 'How long one connection attempt may take.',
  },
  {
    key: 'acks',
    type: 'enum',
    values: ['all', '-1', '1', '0'],
    default: 'all',
    doc: 'Acknowledgements a write waits for; exactly-once needs all.',
  },
  {
    key: 'enable.idempotence',
    type: 'boolean',
    default: 'true',
    doc: 'Repeated sends are written once; needs acks = all.',
  },
  {
    key: 'compression.type',
    type: 'enum',
    values: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    default: 'none',
    doc: 'Codec of record batches.',
  },
  {
    key: 'linger.ms',
    type: 'integer',
    doc: 'How long a batch that is not full waits for more records. When not set it adapts to the load: a batch goes out at once while nothing is on its way to its broker, else with the answer that is awaited, and after 5 ms at the latest. In transactions, whose records nobody may read yet, it waits for the answer of its own partition or 5 ms.',
  },
  {
    key: 'batch.size',
    type: 'integer',
    default: '524288',
    doc: 'Bytes at which a batch is closed. The default is larger than in Java (16384), because one batch per partition is under way at a time.',
  },
  {
    key: 'max.request.size',
    type: 'integer',
    default: '1048576',
    doc: 'Largest record, and largest request of several batches.',
  },
  {
    key: 'buffer.memory',
    type: 'integer',
    default: '67108864',
    doc: 'Bytes written but not acknowledged at most (Java: 33554432). Brokers that take less in a second are given less, so that checkpoints get through.',
  },
  {
    key: 'delivery.timeout.ms',
    type: 'integer',
    default: '120000',
    doc: 'A batch not acknowledged after this long fails the job.',
  },
  {
    key: 'transaction.timeout.ms',
    type: 'integer',
    default: '900000',
    doc: "How long the brokers keep a transaction open. Millrace's default is 15 minutes, the brokers' default maximum (Flink: 1 hour).",
  },
  {
    key: 'security.protocol',
    type: 'enum',
    values: ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'],
    default: 'PLAINTEXT',
    doc: 'TLS and login of the listener.',
  },
  {
    key: 'sasl.mechanism',
    type: 'enum',
    values: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
    default: 'PLAIN',
    doc: 'Login mechanism (Java default: GSSAPI, which is not supported).',
  },
  {
    key: 'sasl.jaas.config',
    type: 'string',
    secret: true,
    doc: '…LoginModule required username="…" password="…";',
  },
  {
    key: 'ssl.truststore.location',
    type: 'string',
    doc: 'PEM file of the trusted CAs. Default: the CAs of Node.',
  },
  {
    key: 'ssl.truststore.type',
    type: 'enum',
    values: ['PEM'],
    default: 'PEM',
    doc: 'Only PEM; convert JKS with keytool -exportcert -rfc.',
  },
  { key: 'ssl.truststore.certificates', type: 'string', doc: 'Trusted CAs as PEM text.' },
  {
    key: 'ssl.keystore.location',
    type: 'string',
    doc: 'PEM file with private key and certificate chain, or a PKCS12 file.',
  },
  {
    key: 'ssl.keystore.type',
    type: 'enum',
    values: ['PEM', 'PKCS12'],
    default: 'PEM',
    doc: 'Kind of the key store.',
  },
  { key: 'ssl.keystore.password', type: 'string', secret: true, doc: 'Password of a PKCS12 key store.' },
  { key: 'ssl.keystore.key', type: 'string', secret: true, doc: 'Private key as PEM text.' },
  { key: 'ssl.keystore.certificate.chain', type: 'string', doc: 'Certificate chain as PEM text.' },
  { key: 'ssl.key.password', type: 'string', secret: true, doc: 'Password of an encrypted private key.' },
  {
    key: 'ssl.endpoint.identification.algorithm',
    type: 'string',
    default: 'https',
    doc: 'Empty = the host name of the certificate is not checked.',
  },
]

/** Harmless without meaning here: accepted, with a notice in the log. */
export const ignoredProperties: readonly string[] = [
  ...[
    'allow.auto.create.topics',
    'auto.commit.interval.ms',
    'enable.auto.commit',
    'client.dns.lookup',
    'client.rack',
  ],
  ...['connections.max.idle.ms', 'default.api.timeout.ms', 'exclude.internal.topics', 'group.instance.id'],
  ...[
    'group.protocol',
    'heartbeat.interval.ms',
    'session.timeout.ms',
    'max.poll.interval.ms',
    'max.poll.records',
  ],
  ...['key.deserializer', 'value.deserializer', 'key.serializer', 'value.serializer'],
  ...['max.block.ms', 'max.in.flight.requests.per.connection', 'metadata.max.idle.ms', 'retries'],
  ...['metric.reporters', 'metrics.num.samples', 'metrics.recording.level', 'metrics.sample.window.ms'],
  ...['enable.metrics.push', 'auto.include.jmx.reporter', 'register.consumer.metrics'],
  ...['partition.assignment.strategy', 'partitioner.adaptive.partitioning.enable'],
  ...['partitioner.availability.timeout.ms', 'receive.buffer.bytes', 'send.buffer.bytes'],
  ...['reconnect.backoff.ms', 'reconnect.backoff.max.ms', 'retry.backoff.ms', 'retry.backoff.max.ms'],
  ...['socket.connection.setup.timeout.max.ms', 'ssl.protocol', 'ssl.enabled.protocols', 'ssl.provider'],
  ...['ssl.cipher.suites', 'ssl.keymanager.algorithm', 'ssl.trustmanager.algorithm'],
  ...['ssl.secure.random.implementation', 'compression.gzip.level', 'compression.lz4.level'],
  ...['compression.zstd.level', 'metadata.recovery.strategy', 'metadata.recovery.rebootstrap.trigger.ms'],
]

/** Known in Java, but leaving them out would change what the user relies on. */
export const refusedProperties: Readonly<Record<string, string>> = {
  'transactional.id': "Millrace makes the ids: set 'sink.transactional-id-prefix'.",
  'interceptor.classes': 'Java classes cannot run here.',
  'partitioner.class': "Java classes cannot run here: use 'sink.partitioner'.",
  'partitioner.ignore.keys': "Use 'sink.partitioner' = 'round-robin'.",
  'sasl.client.callback.handler.class': 'Java classes cannot run here.',
  'sasl.login.callback.handler.class': 'Java classes cannot run here.',
  'sasl.login.class': 'Java classes cannot run here.',
  'sasl.kerberos.service.name': 'Kerberos (GSSAPI) is not supported: use SCRAM or TLS client certificates.',
  'sasl.kerberos.kinit.cmd': 'Kerberos (GSSAPI) is not supported: use SCRAM or TLS client certificates.',
  'sasl.oauthbearer.token.endpoint.url':
    'OAUTHBEARER is not supported yet: use SCRAM or TLS client certificates.',
  'security.providers': 'Java classes cannot run here.',
  'ssl.engine.factory.class': 'Java classes cannot run here.',
  'ssl.truststore.password':
    'PEM trust stores have no password: convert the store to PEM and leave this out.',
  'transaction.two.phase.commit.enable': 'No released broker supports it.',
}
