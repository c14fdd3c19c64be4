/** The dev broker says what Apache Kafka says: every scenario is played on both, and the transcripts are compared. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../../src/dev-broker/index.ts'
import {
  kafkaVersions,
  type RealKafka,
  realKafkaUnavailable,
  startRealKafka,
} from '../../support/real-kafka.ts'
import { play, scenarios } from './scenarios.ts'

const reason = realKafkaUnavailable()
if (reason !== undefined) console.warn(reason)

describe.skipIf(reason !== undefined).each(kafkaVersions)('as Apache Kafka %s', version => {
  let kafka: RealKafka
  let broker: DevBroker

  beforeAll(async () => {
    kafka = await startRealKafka({ version, fast: true })
    broker = await startDevBroker({
      autoCreateTopics: false,
      kafkaVersion: version === '3.9.1' ? '3.9' : '4.1',
    })
  })

  afterAll(async () => {
    await kafka.stop()
    await broker.close()
  })

  test.each(Object.keys(scenarios))('%s', async name => {
    const real = await play(kafka.bootstrap, name)
    expect(real.length).toBeGreaterThan(2)
    expect(await play(broker.bootstrap, name)).toEqual(real)
  })
})
