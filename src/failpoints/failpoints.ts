/**
 * Named points at which a test may kill, fail or delay the process. Inert unless the environment variable
 * `MILLRACE_FAILPOINTS` was set when the process started: `name=kill`, `name=kill@3` (third time it is reached),
 * `name=error@2`, `name=sleep:500`, `name=hold` (never goes on: the parent kills), several separated by `;`.
 * `MILLRACE_MUTATE=a,b` switches safeguards off by name, for tests that must prove a safeguard is needed.
 */
import { appendFileSync } from 'node:fs'

type Action = 'kill' | 'error' | 'sleep' | 'hold'

interface FailPoint {
  readonly action: Action
  readonly atHit: number
  readonly sleepMs: number
  numHits: number
}

function parseFailPoints(text: string): Map<string, FailPoint> {
  const points = new Map<string, FailPoint>()
  for (const part of text.split(';')) {
    const match = /^\s*([\w.-]+)=(kill|error|sleep|hold)(?::(\d+))?(?:@(\d+))?\s*$/.exec(part)
    if (match === null) continue
    const [, name, action, sleepMs, atHit] = match
    points.set(name!, {
      action: action as Action,
      atHit: Number(atHit ?? 1),
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
  if (point.action === 'sleep') {
    await new Promise(resolve => setTimeout(resolve, point.sleepMs))
    return
  }
  if (point.numHits !== point.atHit) return
  if (point.action === 'kill') {
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})
  }
  if (point.action === 'hold') await new Promise(() => {})
  throw new Error(`fail point ${name}`)
}

/** True when a test switched the named safeguard off. */
export const isMutated = (name: string): boolean => mutations.has(name)
