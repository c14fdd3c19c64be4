/**
 * Named points at which a test may kill, fail or delay the process. Inert unless the environment variable
 * `MILLRACE_FAILPOINTS` was set when the process started: `name=kill`, `name=kill@3` (third time it is reached),
 * `name=error@2`, `name=sleep:500` (every time; with `@n` only that time), `name=hold` (stands there until SIGUSR2;
 * `hold@2+`: the second and every later time), several separated by `;`.
 * `MILLRACE_MUTATE=a,b` switches safeguards off by name, for tests that must prove a safeguard is needed.
 */
import { appendFileSync } from 'node:fs'

type Action = 'kill' | 'error' | 'sleep' | 'hold'

interface FailPoint {
  readonly action: Action
  readonly firstHit: number
  readonly lastHit: number
  readonly sleepMs: number
  numHits: number
}

const EVERY = Number.POSITIVE_INFINITY

/** Throws on text it does not understand: a kill that never happens proves nothing. */
export function parseFailPoints(text: string): Map<string, FailPoint> {
  const points = new Map<string, FailPoint>()
  for (const part of text.split(';')) {
    if (part.trim() === '') continue
    const match = /^\s*([\w.-]+)=(kill|error|sleep|hold)(?::(\d+))?(?:@(\d+)(\+)?)?\s*$/.exec(part)
    if (match === null) throw new Error(`MILLRACE_FAILPOINTS: '${part}' is not understood`)
    const [, name, action, sleepMs, atHit, onwards] = match
    const everyHit = onwards !== undefined || (action === 'sleep' && atHit === undefined)
    const firstHit = Number(atHit ?? 1)
    points.set(name!, {
      action: action as Action,
      firstHit,
      lastHit: everyHit ? EVERY : firstHit,
      sleepMs: Number(sleepMs ?? 0),
      numHits: 0,
    })
  }
  return points
}

const configured = process.env['MILLRACE_FAILPOINTS'] ?? ''
const points = configured === '' ? undefined : parseFailPoints(configured)
const mutations = new Set((process.env['MILLRACE_MUTATE'] ?? '').split(',').filter(name => name !== ''))
/** A file that gets one line per fail point reached, so that a harness knows which points a run passes. */
const tracePath = process.env['MILLRACE_FAILPOINT_TRACE']

/** Marks a step of the protocol. Resolves at once unless a test armed this name. */
export async function failPoint(name: string): Promise<void> {
  if (tracePath !== undefined) appendFileSync(tracePath, `${name}\n`)
  const point = points?.get(name)
  if (point === undefined) return
  point.numHits++
  if (point.numHits < point.firstHit || point.numHits > point.lastHit) return
  switch (point.action) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL')
      return new Promise(() => {})
    case 'hold':
      return new Promise(resolve => process.once('SIGUSR2', () => resolve()))
    case 'sleep':
      return new Promise(resolve => setTimeout(resolve, point.sleepMs))
    case 'error':
      throw new Error(`fail point ${name}`)
  }
}

/** True when a test switched the named safeguard off. */
export const isMutated = (name: string): boolean => mutations.has(name)
