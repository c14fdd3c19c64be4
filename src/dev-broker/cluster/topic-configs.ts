/** Topic and broker settings that DescribeConfigs shows, with Kafka's defaults. Only those marked are acted upon. */
export const topicDefaults: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'compression.type': 'producer',
  /** Acted upon: a larger batch is refused with 10 MESSAGE_TOO_LARGE. */
  'max.message.bytes': '1048588',
  /** Acted upon: CreateTime or LogAppendTime. */
  'message.timestamp.type': 'CreateTime',
  'min.insync.replicas': '1',
  /** Shown only: this broker deletes no records by age or size. */
  'retention.ms': '604800000',
  'retention.bytes': '-1',
  'segment.bytes': '1073741824',
  'segment.ms': '604800000',
}

export interface BrokerSettings {
  readonly maxTransactionTimeoutMs: number
  readonly transactionalIdExpirationMs: number
  readonly transactionSweepIntervalMs: number
  readonly defaultPartitions: number
  readonly autoCreateTopics: boolean
}

export const brokerConfigs = (settings: BrokerSettings): Readonly<Record<string, string>> => ({
  'auto.create.topics.enable': String(settings.autoCreateTopics),
  'default.replication.factor': '1',
  'message.max.bytes': '1048588',
  'num.partitions': String(settings.defaultPartitions),
  'offsets.retention.minutes': '10080',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': String(settings.transactionSweepIntervalMs),
  'transaction.max.timeout.ms': String(settings.maxTransactionTimeoutMs),
  'transactional.id.expiration.ms': String(settings.transactionalIdExpirationMs),
})

/** What is wrong with a setting, or undefined. */
export function configProblem(name: string, value: string): string | undefined {
  if (!(name in topicDefaults)) return `Unknown topic config name: ${name}`
  if (name === 'message.timestamp.type' && value !== 'CreateTime' && value !== 'LogAppendTime') {
    return `Invalid value ${value} for configuration ${name}: String must be one of: CreateTime, LogAppendTime`
  }
  if (/\.(ms|bytes|replicas)$/.test(name) && !/^-?\d+$/.test(value)) {
    return `Invalid value ${value} for configuration ${name}: Not a number of type LONG`
  }
  return undefined
}
