/** The fuzzer itself: that it finds, cuts down, and plays again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withAllocationLimit } from '../../fuzz/allocation-meter.ts'
import { readCaseFile, writeCaseFile } from '../../fuzz/case-file.ts'
import { minimize } from '../../fuzz/minimize.ts'
import { mutate } from '../../fuzz/mutate.ts'
import { problemOf } from '../../fuzz/run-case.ts'
import type { Case, Target } from '../../fuzz/target.ts'
import { Random } from '../support/random.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

/** Fails when one part has an X before a Y. */
const target: Target = {
  name: 'test',
  doc: '',
  numUnitCases: 1,
  generate: () => ({ setup: null, parts: [] }),
  check({ parts }) {
    if (parts.some(part => /X.*Y/s.test(Buffer.from(part).toString('latin1')))) throw new Error('X and Y')
  },
}

const fails = async (input: Case) => (await problemOf(target, input)) !== undefined

test('a case that fails is cut down to what fails', async () => {
  const input = { setup: 7, parts: ['abc', 'aXbcYd', 'YX', 'aXXY'].map(bytes) }
  const { setup, parts } = await minimize(input, fails)
  expect(setup).toBe(7)
  expect(parts.map(part => Buffer.from(part).toString())).toEqual(['XY'])
  expect(await problemOf(target, input)).toContain('X and Y')
  expect(await problemOf(target, { setup: 7, parts: [bytes('YX')] })).toBeUndefined()
})

test('a file gives back the case, text or not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-fuzz-'))
  try {
    const file = {
      target: 'test',
      found: 'x',
      setup: { a: [1] },
      parts: [bytes('é'), Uint8Array.of(0xff, 0)],
    }
    writeCaseFile(join(folder, 'case.json'), file)
    expect(readCaseFile(join(folder, 'case.json'))).toEqual(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('allocations are counted while they are asked for, and not afterwards', () => {
  const asking: readonly (() => unknown)[] = [
    () => new Uint8Array(2000),
    () => new Float64Array(300),
    () => Buffer.alloc(2000),
    () => Buffer.allocUnsafe(2000),
    () => [new ArrayBuffer(600), new ArrayBuffer(600)],
  ]
  for (const ask of asking)
    expect(() => withAllocationLimit(1000, ask)).toThrow('bytes, where 1000 are plenty')
  expect(withAllocationLimit(1000, () => new Uint8Array(900))).toBeInstanceOf(Uint8Array)
  for (const ask of asking) ask()
})

test('damage is the same for the same seed, and mostly damage', () => {
  const whole = bytes('some bytes that are long enough to be damaged in many places')
  const numChanged = Array.from({ length: 200 }, (_, seed) => {
    const damaged = mutate(whole, new Random(seed))
    expect(mutate(whole, new Random(seed))).toEqual(damaged)
    return Buffer.from(damaged).equals(whole) ? 0 : 1
  }).reduce<number>((sum, one) => sum + one, 0)
  expect(numChanged).toBeGreaterThan(150)
})
