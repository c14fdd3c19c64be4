/** What a gate says of time, against a look at all channels after each element. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BatchPool } from '../../src/runtime/channels/batch-pool.ts'
import { Channel } from '../../src/runtime/channels/channel.ts'
import { InputGate } from '../../src/runtime/channels/input-gate.ts'

interface Said {
  watermark: number
  idle: boolean
}

const NONE = Number.NEGATIVE_INFINITY
const END = Number.POSITIVE_INFINITY

function expected(channels: readonly Said[]): { readonly watermark: number; readonly idle: boolean } {
  const live = channels.filter(({ watermark }) => watermark !== END)
  if (live.length === 0) return { watermark: END, idle: false }
  const active = live.filter(({ idle }) => !idle)
  if (active.length > 0)
    return { watermark: Math.min(...active.map(({ watermark }) => watermark)), idle: false }
  return { watermark: Math.max(...live.map(({ watermark }) => watermark)), idle: true }
}

const element = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('watermark' as const), timestampMs: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'idle' as const }, { kind: 'active' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'watermark' as const, timestampMs: END }) },
)

test('watermark and idleness are those of all channels', () => {
  const steps = fc.array(fc.tuple(fc.nat(6), element), { maxLength: 80 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), steps, (numChannels, elements) => {
      const pool = new BatchPool([])
      const channels = Array.from({ length: numChannels }, () => new Channel(pool))
      const gate = new InputGate(channels.map(channel => ({ channel, input: 0 })))
      const said = channels.map((): Said => ({ watermark: NONE, idle: false }))
      let watermark = NONE
      let idle = false
      let latest = NONE
      for (const [n, put] of elements) {
        const channel = n % numChannels
        const state = said[channel]!
        channels[channel]!.put(put)
        if (put.kind === 'watermark') state.watermark = Math.max(state.watermark, put.timestampMs)
        else state.idle = put.kind === 'idle'
        for (let event = gate.poll(); event !== null; event = gate.poll()) {
          if (event.kind === 'watermark') {
            expect(event.timestampMs).toBeGreaterThan(watermark)
            watermark = event.timestampMs
          } else idle = event.kind === 'idle'
        }
        const now = expected(said)
        // Time never goes back.
        latest = Math.max(latest, now.watermark)
        expect({ watermark, idle }).toEqual({ watermark: latest, idle: now.idle })
      }
    }),
  )
})
