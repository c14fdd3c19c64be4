import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { kafkaFailPoints } from '../../../../../src/connectors/kafka/transaction/fail-points.ts'

test('the table names exactly the fail points of the code', () => {
  const root = resolve(import.meta.dirname, '../../../../../src/connectors/kafka')
  const found = new Set<string>()
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts')) continue
    for (const [, name] of readFileSync(join(root, entry), 'utf8').matchAll(/failPoint\('([^']+)'\)/g))
      found.add(name!)
  }
  expect([...found].sort()).toEqual(Object.keys(kafkaFailPoints).sort())
})
