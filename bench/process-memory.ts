/** Resident memory as the kernel counts it, with a peak that can be set back (Linux; else the peak is of the whole life). */
import { readFileSync, writeFileSync } from 'node:fs'

export const residentBytes = (): number => process.memoryUsage.rss()

/** Sets the peak back to what is resident now. */
export function resetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // Not on this system: the peak then includes what was before.
  }
}

export function peakBytes(): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {
    // Not on this system.
  }
  return process.resourceUsage().maxRSS * 1024
}
