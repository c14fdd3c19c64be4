import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { idleSuite } from '../../support/kafka-suites/idle-suite.ts'

idleSuite('the dev broker', async () => {
  const broker = await startDevBroker({ autoCreateTopics: false })
  return {
    bootstrap: broker.bootstrap,
    restart: async () => {
      await broker.stop()
      await broker.restart()
    },
    stop: () => broker.close(),
  }
})
