/** The examples on real Apache Kafka, each killed in a checkpoint and started anew; one broker per version. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import { examples } from '../examples/support/examples.ts'
import { runExample } from '../examples/support/run-example.ts'
import { kafkaVersions, type RealKafka, realKafkaUnavailable, startRealKafka } from '../support/real-kafka.ts'

const unavailable = realKafkaUnavailable()
if (unavailable !== undefined) test(unavailable, () => {})
else {
  describe.each(kafkaVersions)('Kafka %s', version => {
    let kafka: RealKafka
    beforeAll(async () => {
      kafka = await startRealKafka({ version })
    })
    afterAll(() => kafka.stop())
    // One after another: two examples read the same topic, which is made anew for each.
    test.each(examples)('$name, killed at $killAt', example => runExample(example, kafka.bootstrap, 'killed'))
  })
}
