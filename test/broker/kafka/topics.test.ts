import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { topicSuite } from '../../support/kafka-suites/topic-suite.ts'

topicSuite('the dev broker', async () => {
  const broker = await startDevBroker({ autoCreateTopics: false })
  return { bootstrap: broker.bootstrap, stop: () => broker.close() }
})
