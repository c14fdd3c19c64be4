/**
 * Loaded with `--import` into a job's process: its wall clock steps to and fro by CLOCK_JUMP_MS every
 * CLOCK_PERIOD_MS, as under a bad time server; with no period it is wrong by CLOCK_JUMP_MS all the time.
 */
const jumpMs = Number(process.env['CLOCK_JUMP_MS'] ?? 0)
const periodMs = Number(process.env['CLOCK_PERIOD_MS'] ?? 0)
const RealDate = Date
const realNow = Date.now.bind(Date)

function shiftedNow(): number {
  if (periodMs === 0) return realNow() + jumpMs
  const phase = Math.floor(performance.now() / periodMs) % 3
  return realNow() + (phase === 0 ? 0 : phase === 1 ? jumpMs : -jumpMs)
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[]) =>
    args.length === 0 ? new target(shiftedNow()) : Reflect.construct(target, args),
  get: (target, key, receiver) => (key === 'now' ? shiftedNow : Reflect.get(target, key, receiver)),
})
