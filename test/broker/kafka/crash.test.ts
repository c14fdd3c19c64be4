import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { crashSuite } from '../../support/kafka-suites/crash-suite.ts'

crashSuite('the dev broker', async () => {
  const broker = await startDevBroker()
  return { bootstrap: broker.bootstrap, stop: () => broker.close() }
})
