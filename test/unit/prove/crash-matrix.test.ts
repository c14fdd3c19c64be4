import { expect, test } from 'vitest'
import { crashPoints, recoveryPoints, resumePoints } from '../../../prove/crash-points.ts'
import { parseOptions } from '../../../prove/options.ts'
import { crashMatrix } from '../../../prove/scenarios/crash-matrix.ts'

const namesOf = (args: readonly string[]) => crashMatrix(parseOptions(args)!).map(({ name }) => name)
const kills = (names: readonly string[]) =>
  names.map(name => /^(SIGTERM, )?(.+)@\d+, then (.+)$/.exec(name)!.slice(2) as [string, string])

test('the matrix kills at every step, and again at two different steps of recovery', () => {
  const pairs = kills(namesOf([]))
  for (const point of Object.keys(crashPoints)) {
    const again = pairs.filter(([first]) => first === point).map(([, second]) => second)
    expect(new Set(again).size, point).toBeGreaterThanOrEqual(2)
  }
})

test('every step of recovery has its second kill after several others', () => {
  const pairs = kills(namesOf([]))
  for (const point of [...recoveryPoints, ...resumePoints]) {
    const before = pairs.filter(([, second]) => second === point).map(([first]) => first)
    expect(new Set(before).size, point).toBeGreaterThanOrEqual(2)
  }
})

test('the short forms of three seeds are the whole matrix', () => {
  const short = Array.from({ length: 3 }, (_, seed) => namesOf(['--short', '--seed', String(seed)])).flat()
  expect(short.sort()).toEqual(namesOf([]).sort())
})
