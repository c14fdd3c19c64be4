import { test } from 'vitest'
import { topicSuite } from '../support/kafka-suites/topic-suite.ts'
import { realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'

const unavailable = realKafkaUnavailable()
if (unavailable !== undefined) test(unavailable, () => {})
else topicSuite('Kafka 4.1.1', () => startRealKafka({ fast: true }))
