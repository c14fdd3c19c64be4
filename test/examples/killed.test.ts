/** The examples again, killed with SIGKILL in a checkpoint and started anew: the answer is the same. */
import { expect, test } from 'vitest'
import { startDevBroker } from '../../src/dev-broker/index.ts'
import { examples } from './support/examples.ts'
import { runExample } from './support/run-example.ts'

test.each(examples)('$name, killed at $killAt', async example => {
  await using broker = await startDevBroker()
  await runExample(example, broker.bootstrap, 'killed')
})

test('the judge sees a transaction that is not resumed', async () => {
  await using broker = await startDevBroker()
  const [ipCount] = examples
  await expect(runExample(ipCount!, broker.bootstrap, 'killed', 'no-resume')).rejects.toThrow(
    'to deeply equal',
  )
})
