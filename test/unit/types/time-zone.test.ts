import { describe, expect, it } from 'vitest'
import { timeZoneOf } from '../../../src/types/index.ts'

const at = (text: string): number => Date.parse(`${text}Z`)
const hours = (n: number): number => n * 3600000

describe('time zones', () => {
  it.each([
    ['UTC', '2024-06-01T00:00:00', 0],
    ['GMT+8', '2024-06-01T00:00:00', 8],
    ['-05:30', '2024-06-01T00:00:00', -5.5],
    ['Europe/Berlin', '2024-03-31T00:59:59', 1],
    ['Europe/Berlin', '2024-03-31T01:00:00', 2],
    ['Europe/Berlin', '2024-10-27T00:59:59', 2],
    ['Europe/Berlin', '2024-10-27T01:00:00', 1],
    ['America/New_York', '2024-11-03T06:00:00', -5],
    ['Asia/Kolkata', '2024-01-01T00:00:00', 5.5],
    ['Australia/Lord_Howe', '2024-01-01T00:00:00', 11],
    ['Asia/Shanghai', '1988-07-01T00:00:00', 9],
    ['Europe/Berlin', '2500-07-01T00:00:00', 2],
    ['Europe/Berlin', '9999-12-31T00:00:00', 1],
  ])('%s at %s is %d hours off', (name, instant, offset) => {
    expect(timeZoneOf(name).offsetAt(at(instant))).toBe(hours(offset))
  })

  it('moves local times in a gap forward and takes the first of an overlap', () => {
    const berlin = timeZoneOf('Europe/Berlin')
    expect(berlin.toUtc(at('2024-03-31T02:30:00'))).toBe(at('2024-03-31T01:30:00'))
    expect(berlin.toUtc(at('2024-10-27T02:30:00'))).toBe(at('2024-10-27T00:30:00'))
    expect(berlin.toUtc(at('2024-10-27T03:00:00'))).toBe(at('2024-10-27T02:00:00'))
  })

  it('agrees with Intl on every sixth hour of a year', () => {
    const zone = timeZoneOf('America/Sao_Paulo')
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/Sao_Paulo',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    for (let ms = at('2018-01-01T00:00:00'); ms < at('2019-01-01T00:00:00'); ms += hours(6)) {
      const local = new Date(zone.toLocal(ms)).toISOString().slice(0, 19).replace('T', ' ')
      expect(local).toBe(format.format(ms))
    }
  })

  it('refuses what is no zone', () => {
    expect(() => timeZoneOf('Mars/Olympus')).toThrow(
      expect.objectContaining({ code: 'MR_TIME_ZONE_UNKNOWN' }),
    )
  })
})
