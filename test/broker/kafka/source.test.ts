import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { sourceSuite } from '../../support/kafka-suites/source-suite.ts'

sourceSuite('the dev broker', async () => {
  const broker = await startDevBroker({ autoCreateTopics: false })
  return { bootstrap: broker.bootstrap, stop: () => broker.close() }
})
