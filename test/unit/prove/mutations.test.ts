import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { allMutations, chosenMutations } from '../../../prove/scenarios/mutations.ts'

const source = resolve(import.meta.dirname, '../../../src')

test('every safeguard that can be switched off has a story, and every story a safeguard', () => {
  const inCode = new Set<string>()
  for (const entry of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts')) continue
    for (const [, name] of readFileSync(join(source, entry), 'utf8').matchAll(/isMutated\('([^']+)'\)/g))
      inCode.add(name!)
  }
  expect(allMutations.map(({ name }) => name).sort()).toEqual([...inCode].sort())
  for (const { name, cases } of allMutations) expect(cases.length, name).toBeGreaterThan(0)
})

test('a name that is none is refused, and the names are said', () => {
  expect(chosenMutations('all')).toBe(allMutations)
  expect(() => chosenMutations('no-such')).toThrow('no-resume')
})
