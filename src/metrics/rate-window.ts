/**
 * A counter's growth per second, measured when it is read: over the last WINDOW_MS of reading, or since the start as
 * long as nobody has read before. Needs no timer, so an embedded job leaves none behind.
 */
const WINDOW_MS = 10_000
const SPACING_MS = 1_000

export class RateWindow {
  readonly #samples: { readonly atMs: number; readonly value: number }[]

  constructor(startedAtMs: number) {
    this.#samples = [{ atMs: startedAtMs, value: 0 }]
  }

  read(nowMs: number, value: number): number {
    const samples = this.#samples
    while (samples.length > 1 && samples[1]!.atMs <= nowMs - WINDOW_MS) samples.shift()
    const first = samples[0]!
    if (nowMs - samples.at(-1)!.atMs >= SPACING_MS) samples.push({ atMs: nowMs, value })
    return nowMs > first.atMs ? ((value - first.value) * 1000) / (nowMs - first.atMs) : 0
  }
}
