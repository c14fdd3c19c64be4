/**
 * One safeguard at a time is switched off. Each must be caught by a story that ends well with it, and not without it:
 * a safeguard that no story needs is dead, or untested.
 */
import type { Mutation, MutationCase } from '../mutation.ts'
import type { ScenarioResult } from '../scenario.ts'
import type { Trial } from '../trial.ts'
import { diskMutations } from './mutations/disk.ts'
import { ownerMutations } from './mutations/owners.ts'
import { recoveryMutations } from './mutations/recovery.ts'
import { writingMutations } from './mutations/writing.ts'

export const allMutations: readonly Mutation[] = [
  ...writingMutations,
  ...recoveryMutations,
  ...ownerMutations,
  ...diskMutations,
]

export type MakeTrial = (name: string) => Promise<Trial>

interface CaseResult {
  /** The verdict with the safeguard, and without. */
  readonly kept: string
  readonly broken: string
  readonly isCaught: boolean
  readonly folder: string | null
}

async function tell(one: MutationCase, mutate: string | undefined, name: string, makeTrial: MakeTrial) {
  await using trial = await makeTrial(name)
  try {
    await one.run(trial, mutate)
    const verdict = await trial.verdict()
    if (mutate !== undefined) trial.dropFolder()
    return { ...verdict, folder: trial.folder }
  } catch (error) {
    trial.keepFolder()
    throw new Error(`${error instanceof Error ? error.message : String(error)} (left in ${trial.folder})`)
  }
}

async function playCase(mutation: Mutation, one: MutationCase, makeTrial: MakeTrial): Promise<CaseResult> {
  const kept = await tell(one, undefined, `${mutation.name}.kept`, makeTrial)
  if (!kept.good) return { kept: kept.summary, broken: 'not tried', isCaught: false, folder: kept.folder }
  const broken = await tell(one, mutation.name, `${mutation.name}.off`, makeTrial)
  return { kept: kept.summary, broken: broken.summary, isCaught: !broken.good, folder: null }
}

/** Plays a mutation's stories; passed when each ends well with the safeguard and at least one catches its absence. */
export async function playMutation(
  mutation: Mutation,
  hasDev: boolean,
  makeTrial: MakeTrial,
): Promise<ScenarioResult> {
  const startedAt = performance.now()
  const steps: string[] = []
  const outcomes: string[] = []
  let isCaught = false
  let isSound = true
  let folder: string | null = null
  for (const one of mutation.cases) {
    if (one.needsDev === true && !hasDev) {
      steps.push(`left out, it scripts faults of the dev broker: ${one.name}`)
      continue
    }
    steps.push(one.name)
    try {
      const result = await playCase(mutation, one, makeTrial)
      isCaught ||= result.isCaught
      isSound &&= result.broken !== 'not tried'
      folder ??= result.folder
      outcomes.push(`with it ${result.kept}; without it ${result.broken}`)
    } catch (error) {
      isSound = false
      outcomes.push(error instanceof Error ? error.message : String(error))
    }
  }
  const isLeftOut = outcomes.length === 0
  return {
    family: 'mutations',
    name: `${mutation.name} (${mutation.safeguard})`,
    passed: isLeftOut || (isCaught && isSound),
    steps,
    deaths: [],
    outcome: isLeftOut
      ? 'not tried on this broker'
      : `${isCaught ? 'caught' : 'SURVIVED'}: ${outcomes.join('; ')}`,
    seconds: (performance.now() - startedAt) / 1000,
    folder,
  }
}

/** Those named, or all. Throws on a name that is none. */
export function chosenMutations(name: string): readonly Mutation[] {
  if (name === 'all') return allMutations
  const found = allMutations.filter(mutation => mutation.name === name)
  if (found.length > 0) return found
  throw new Error(
    `--mutate ${name}: there are ${allMutations.map(mutation => mutation.name).join(', ')}, and all`,
  )
}
