/** A short form of `npm run fuzz`: fixed seeds, one fresh seed, and every case that once found something. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCaseFile } from '../../fuzz/case-file.ts'
import { problemOf } from '../../fuzz/run-case.ts'
import { caseSeed } from '../../fuzz/target.ts'
import { findTarget, targets } from '../../fuzz/targets/index.ts'
import { Random } from '../support/random.ts'

const seeds = [1, 2, Date.now() % 1_000_000]

describe.each(targets.map(target => [target.name, target] as const))('%s', (_, target) => {
  test.each(seeds)('seed %i', async seed => {
    await target.prepare?.()
    for (let index = 0; index < target.numUnitCases; index++) {
      const problem = await problemOf(target, target.generate(new Random(caseSeed(seed, index))))
      expect(problem, `case ${index} of seed ${seed}`).toBeUndefined()
    }
  })
})

const folder = join(import.meta.dirname, 'regressions')
const files = readdirSync(folder)

test('there are regressions', () => expect(files.length).toBeGreaterThan(0))

test.each(files)('once found: %s', async file => {
  const input = readCaseFile(join(folder, file))
  const target = findTarget(input.target)
  await target.prepare?.()
  expect(await problemOf(target, input)).toBeUndefined()
})
