import { test } from 'vitest'
import { idleSuite } from '../support/kafka-suites/idle-suite.ts'
import { kafkaVersions, realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'

const unavailable = realKafkaUnavailable()
if (unavailable !== undefined) test(unavailable, () => {})
else
  for (const version of kafkaVersions)
    idleSuite(`Kafka ${version}`, async () => {
      const kafka = await startRealKafka({ version, fast: true })
      return {
        bootstrap: kafka.bootstrap,
        restart: async () => {
          await kafka.kill()
          await kafka.restart()
        },
        stop: () => kafka.stop(),
      }
    })
