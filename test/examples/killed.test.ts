/** The examples again, killed with SIGKILL in a checkpoint and started anew: the answer is the same. */
import { test } from 'vitest'
import { startDevBroker } from '../../src/dev-broker/index.ts'
import { examples } from './support/examples.ts'
import { runExample } from './support/run-example.ts'

test.each(examples)('$name, killed at $killAt', async example => {
  await using broker = await startDevBroker()
  await runExample(example, broker.bootstrap, 'killed')
})
