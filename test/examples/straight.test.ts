/** Every file of sql-examples/, run unchanged by the CLI against the dev broker; DuckDB says what must come out. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDevBroker } from '../../src/dev-broker/index.ts'
import { examples } from './support/examples.ts'
import { runExample } from './support/run-example.ts'

test('every example is run', () => {
  const files = readdirSync(join(import.meta.dirname, '../../sql-examples'))
  expect(examples.map(({ name }) => `${name}.sql`).toSorted()).toEqual(files.toSorted())
})

test.each(examples)('$name', async example => {
  await using broker = await startDevBroker()
  await runExample(example, broker.bootstrap, 'straight')
})
