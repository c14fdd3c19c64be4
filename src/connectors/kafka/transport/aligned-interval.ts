/**
 * As `setInterval`, but all intervals of the same length tick together: what many jobs ask the cluster at each tick is asked
 * once. The first tick comes within one interval. Does not keep the process alive. Returns what ends it.
 */
export function alignedInterval(ms: number, tick: () => void): () => void {
  let timer: NodeJS.Timeout
  const next = (): void => {
    const left = ms - (performance.now() % ms)
    // Timers may fire a little early: that tick is done.
    timer = setTimeout(run, left < Math.min(10, ms / 2) ? left + ms : left)
    timer.unref()
  }
  const run = (): void => {
    next()
    tick()
  }
  next()
  return () => clearTimeout(timer)
}
