import { test } from 'vitest'
import { transactionSuite } from '../support/kafka-suites/transaction-suite.ts'
import { kafkaVersions, realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'

const unavailable = realKafkaUnavailable()
if (unavailable !== undefined) test(unavailable, () => {})
else
  for (const version of kafkaVersions) transactionSuite(`Kafka ${version}`, () => startRealKafka({ version }))
