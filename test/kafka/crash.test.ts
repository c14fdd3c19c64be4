import { test } from 'vitest'
import { crashSuite } from '../support/kafka-suites/crash-suite.ts'
import { realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'

const unavailable = realKafkaUnavailable()
if (unavailable !== undefined) test(unavailable, () => {})
else crashSuite('Kafka 4.1.1', () => startRealKafka({ version: '4.1.1' }))
