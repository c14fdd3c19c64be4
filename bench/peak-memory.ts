/**
 * How much memory a contender needs: what a fresh process that does nothing but two passes of it grows by, over what it
 * held with the input made and the modules loaded. One process that runs all contenders could not say whose its peak is.
 */
import { findContender } from './find-contender.ts'
import { gc } from './gc.ts'
import { inChild } from './in-child.ts'
import { peakBytes, resetPeak, residentBytes } from './process-memory.ts'

export const peakMemory = (benchmark: string, contender: string, scale: number): number =>
  inChild<number>(import.meta.url, 'measurePeak', [benchmark, contender, scale])

/** In the child. */
export async function measurePeak(name: string, wanted: string, scale: number): Promise<number> {
  const contender = await findContender(name, wanted, scale)
  gc()
  resetPeak()
  const before = residentBytes()
  await contender.run()
  await contender.run()
  return peakBytes() - before
}
