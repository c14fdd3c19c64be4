import { test } from 'vitest'
import { sourceSuite } from '../support/kafka-suites/source-suite.ts'
import { kafkaVersions, realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'

const unavailable = realKafkaUnavailable()
if (unavailable !== undefined) test(unavailable, () => {})
else for (const version of kafkaVersions) sourceSuite(`Kafka ${version}`, () => startRealKafka({ version }))
