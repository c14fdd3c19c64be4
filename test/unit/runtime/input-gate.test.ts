import { describe, expect, it, vi } from 'vitest'
import { BatchPool } from '../../../src/runtime/channels/batch-pool.ts'
import { Channel } from '../../../src/runtime/channels/channel.ts'
import { type GateEvent, InputGate } from '../../../src/runtime/channels/input-gate.ts'
import { integerType } from '../../../src/types/index.ts'

function setup(numChannels: number) {
  const pool = new BatchPool([integerType()])
  const channels = Array.from({ length: numChannels }, () => new Channel(pool))
  const gate = new InputGate(channels.map((channel, input) => ({ channel, input })))
  const put = (channel: number, value: number) => {
    const batch = pool.acquire()
    const row = batch.addRow()
    const column = batch.columns[0]!
    if (column.storage === 'i32') column.values[row] = value
    channels[channel]!.put({ kind: 'batch', batch })
  }
  const drain = () => {
    const events: string[] = []
    for (let event = gate.poll(); event !== null; event = gate.poll()) events.push(show(gate, event))
    return events
  }
  return { pool, channels, gate, put, drain }
}

function show(gate: InputGate, event: GateEvent): string {
  switch (event.kind) {
    case 'batch': {
      const column = event.batch.columns[0]!
      const text = `row ${column.storage === 'i32' ? column.values[0] : '?'}`
      gate.release(event)
      return text
    }
    case 'watermark':
      return `watermark ${event.timestampMs}`
    case 'barrier':
      return `barrier ${event.checkpointId}`
    default:
      return event.kind
  }
}

describe('InputGate', () => {
  it('emits the minimum watermark over channels and never goes back', () => {
    const { channels, drain } = setup(2)
    channels[0]!.put({ kind: 'watermark', timestampMs: 10 })
    expect(drain()).toEqual([])
    channels[1]!.put({ kind: 'watermark', timestampMs: 5 })
    channels[1]!.put({ kind: 'watermark', timestampMs: 3 })
    channels[1]!.put({ kind: 'watermark', timestampMs: 20 })
    expect(drain()).toEqual(['watermark 5', 'watermark 10'])
  })

  it('hears of time from every channel before it takes the rows behind a watermark', () => {
    const { channels, put, drain } = setup(3)
    channels[0]!.put({ kind: 'watermark', timestampMs: 10 })
    put(0, 7)
    channels[1]!.put({ kind: 'end' })
    channels[2]!.put({ kind: 'idle' })
    expect(drain()).toEqual(['watermark 10', 'row 7'])
  })

  it('does not end time by the end of some channels while another is only idle', () => {
    const { channels, put, drain } = setup(2)
    channels[0]!.put({ kind: 'idle' })
    channels[1]!.put({ kind: 'watermark', timestampMs: Number.POSITIVE_INFINITY })
    channels[1]!.put({ kind: 'end' })
    expect(drain()).toEqual(['idle'])
    channels[0]!.put({ kind: 'active' })
    put(0, 7)
    channels[0]!.put({ kind: 'watermark', timestampMs: 10 })
    expect(drain()).toEqual(['active', 'row 7', 'watermark 10'])
    channels[0]!.put({ kind: 'watermark', timestampMs: Number.POSITIVE_INFINITY })
    channels[0]!.put({ kind: 'end' })
    expect(drain()).toEqual(['watermark Infinity', 'end'])
  })

  it('leaves idle channels out of the minimum and forwards idleness when all are idle', () => {
    const { channels, drain } = setup(2)
    channels[0]!.put({ kind: 'watermark', timestampMs: 10 })
    channels[1]!.put({ kind: 'idle' })
    expect(drain()).toEqual(['watermark 10'])
    channels[0]!.put({ kind: 'idle' })
    expect(drain()).toEqual(['idle'])
    channels[1]!.put({ kind: 'active' })
    channels[1]!.put({ kind: 'watermark', timestampMs: 4 })
    expect(drain()).toEqual(['active'])
    channels[1]!.put({ kind: 'watermark', timestampMs: 30 })
    expect(drain()).toEqual(['watermark 30'])
  })

  it('moves to the highest watermark when all become idle, in whichever order', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { channels, drain } = setup(2)
      channels[0]!.put({ kind: 'watermark', timestampMs: 20 })
      channels[1]!.put({ kind: 'watermark', timestampMs: 10 })
      for (const channel of order) channels[channel]!.put({ kind: 'idle' })
      const events = drain()
      expect(events.at(-1)).toBe('idle')
      expect(events.filter(event => event !== 'idle').at(-1)).toBe('watermark 20')
    }
  })

  it('is idle when an input has ended and the others are idle, so that readers do not wait for it', () => {
    const { channels, drain } = setup(2)
    channels[0]!.put({ kind: 'watermark', timestampMs: 10 })
    channels[0]!.put({ kind: 'idle' })
    channels[1]!.put({ kind: 'watermark', timestampMs: 30 })
    channels[1]!.put({ kind: 'watermark', timestampMs: Number.POSITIVE_INFINITY })
    channels[1]!.put({ kind: 'end' })
    expect(drain()).toEqual(['watermark 10', 'watermark 30', 'idle'])
    channels[0]!.put({ kind: 'active' })
    channels[0]!.put({ kind: 'watermark', timestampMs: 40 })
    expect(drain()).toEqual(['active', 'watermark 40'])
  })

  it('holds a channel back until every barrier has come', () => {
    const { channels, put, drain } = setup(2)
    channels[0]!.put({ kind: 'barrier', checkpointId: 7 })
    put(0, 100)
    put(1, 1)
    expect(drain()).toEqual(['row 1'])
    put(1, 2)
    channels[1]!.put({ kind: 'barrier', checkpointId: 7 })
    put(1, 3)
    expect(drain().sort()).toEqual(['barrier 7', 'row 100', 'row 2', 'row 3'].sort())
  })

  it('delivers the rows before a barrier before it and those after it after it', () => {
    const { channels, put, drain } = setup(2)
    put(0, 1)
    channels[0]!.put({ kind: 'barrier', checkpointId: 1 })
    put(0, 2)
    channels[1]!.put({ kind: 'barrier', checkpointId: 1 })
    expect(drain()).toEqual(['row 1', 'barrier 1', 'row 2'])
  })

  it('still aligns barriers after some or all inputs have ended', () => {
    const { channels, drain } = setup(2)
    channels[0]!.put({ kind: 'end' })
    channels[0]!.put({ kind: 'barrier', checkpointId: 2 })
    channels[1]!.put({ kind: 'watermark', timestampMs: 5 })
    channels[1]!.put({ kind: 'barrier', checkpointId: 2 })
    channels[1]!.put({ kind: 'end' })
    expect(drain()).toEqual(['watermark 5', 'barrier 2', 'end'])
    for (const channel of channels) channel.put({ kind: 'barrier', checkpointId: 3 })
    expect(drain()).toEqual(['barrier 3'])
  })

  it('gives every batch back to its pool', () => {
    const { pool, put, drain, gate } = setup(1)
    for (let i = 0; i < 10; i++) put(0, i)
    expect(pool.numOutstanding).toBe(10)
    drain()
    expect(pool.numOutstanding).toBe(0)
    put(0, 1)
    gate.clear()
    expect(pool.numOutstanding).toBe(0)
  })

  it('asks only the channels that have something', () => {
    const { channels, put, drain } = setup(64)
    for (let n = 0; n < 10; n++) put(7, n)
    const take = vi.spyOn(Channel.prototype, 'take')
    try {
      expect(drain()).toHaveLength(10)
      expect(take).toHaveBeenCalledTimes(10)
      channels[3]!.put({ kind: 'barrier', checkpointId: 1 })
      put(3, 100)
      expect(drain()).toEqual([])
      expect(take).toHaveBeenCalledTimes(11)
    } finally {
      take.mockRestore()
    }
  })
})
