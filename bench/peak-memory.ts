/**
 * How much memory a contender needs: what a fresh process that does nothing but two passes of it grows by, over what it
 * held with the input made and the modules loaded. One process that runs all contenders could not say whose its peak is.
 */
import { gc } from './gc.ts'
import type { Benchmark } from './harness.ts'
import { inChild } from './in-child.ts'
import { peakBytes, resetPeak, residentBytes } from './process-memory.ts'

export const peakMemory = (benchmark: string, contender: string, scale: number): number =>
  inChild<number>(import.meta.url, 'measurePeak', [benchmark, contender, scale])

/** In the child. */
export async function measurePeak(name: string, wanted: string, scale: number): Promise<number> {
  const { benchmarks } = (await import('./benchmarks.ts')) as { benchmarks: readonly Benchmark[] }
  const benchmark = benchmarks.find(other => other.name === name)
  if (benchmark?.kind !== 'contenders') throw new Error(`no contenders in '${name}'`)
  const { contenders } = await benchmark.contenders(scale)
  const contender = contenders.find(other => other.name === wanted)
  if (contender === undefined) throw new Error(`no contender '${wanted}' in '${name}'`)
  gc()
  resetPeak()
  const before = residentBytes()
  await contender.run()
  await contender.run()
  return peakBytes() - before
}
