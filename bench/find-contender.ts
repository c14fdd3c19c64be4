/** A contender by name, for a process that runs it alone. */
import type { Benchmark, Contender } from './harness.ts'

export async function findContender(name: string, wanted: string, scale: number): Promise<Contender> {
  const { benchmarks } = (await import('./benchmarks.ts')) as { benchmarks: readonly Benchmark[] }
  const benchmark = benchmarks.find(other => other.name === name)
  if (benchmark?.kind !== 'contenders') throw new Error(`no contenders in '${name}'`)
  const { contenders } = await benchmark.contenders(scale)
  const contender = contenders.find(other => other.name === wanted)
  if (contender === undefined) throw new Error(`no contender '${wanted}' in '${name}'`)
  return contender
}
