import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { transactionSuite } from '../../support/kafka-suites/transaction-suite.ts'

transactionSuite('the dev broker', async () => {
  const broker = await startDevBroker()
  return { bootstrap: broker.bootstrap, stop: () => broker.close() }
})
