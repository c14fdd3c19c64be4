import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Config } from '../../../src/catalog/index.ts'
import { directoryName, jobConfig } from '../../../src/session/job-settings.ts'

const state = { stateDir: '/given', resume: { kind: 'latest' as const } }
const of = (settings: Record<string, string>) => jobConfig(new Config(settings), 'my job', state)
const checkpointed = { 'execution.checkpointing.interval': '5 s' }

describe('jobConfig', () => {
  it('keeps state under the given root unless a setting names another', () => {
    expect(of(checkpointed).stateDirectory).toBe(join('/given', 'my_job'))
    expect(of({ ...checkpointed, 'millrace.state-dir': '/other' }).stateDirectory).toBe(
      join('/other', 'my_job'),
    )
    expect(of({ ...checkpointed, 'execution.checkpointing.dir': 'file:///third' }).stateDirectory).toBe(
      join('/third', 'my_job'),
    )
  })

  it('keeps state when there are checkpoints to take, or one to resume from', () => {
    expect(of({}).stateDirectory).toBeNull()
    expect(of({ 'execution.state-recovery.path': '/sp' }).stateDirectory).toBe(join('/given', 'my_job'))
  })

  it("has Flink's restart strategies under Flink's keys", () => {
    expect(of({}).restart).toEqual({ kind: 'none' })
    expect(of({ 'execution.checkpointing.interval': '5 s' }).restart.kind).toBe('exponential-delay')
    const fixed = {
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': '3',
      'restart-strategy.fixed-delay.delay': '10 s',
    }
    expect(of(fixed).restart).toEqual({ kind: 'fixed-delay', attempts: 3, delayMs: 10_000 })
  })

  it('resumes from the recovery path unless the start says otherwise', () => {
    expect(of({ 'execution.state-recovery.path': '/sp' }).resume).toEqual({ kind: 'path', path: '/sp' })
    expect(of({}).resume).toEqual({ kind: 'latest' })
  })

  it('makes directory names of any job name', () => {
    expect(directoryName('a/b: c')).toBe('a_b_c')
    expect(directoryName('../..')).not.toContain('/')
    expect(directoryName('...')).not.toMatch(/^\./)
  })
})
