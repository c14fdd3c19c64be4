import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DiskModel, type Loss } from '../../../prove/power-loss.ts'
import type { FileStep } from '../../../src/failpoints/file-trace.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-disk-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const at = (name: string) => join(root, name)
const write = (name: string, text: string): FileStep => ({
  kind: 'write',
  path: at(name),
  base64: Buffer.from(text).toString('base64'),
})
const sync = (name: string): FileStep => ({ kind: 'sync', path: at(name) })
const syncRoot = (): FileStep => ({ kind: 'sync-directory', path: root })
const rename = (name: string, to: string): FileStep => ({ kind: 'rename', path: at(name), to: at(to) })

/** The text of `name` after the steps and the loss; undefined = it is not there. */
function after(steps: readonly FileStep[], loss: Loss, name: string): string | undefined {
  const model = new DiskModel(root)
  for (const step of steps) model.apply(step)
  model.write(loss)
  return existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined
}

test('content and name that were fsynced survive every loss', () => {
  const steps = [write('a', 'text'), sync('a'), syncRoot()]
  for (const loss of ['nothing', 'names without content', 'names with half of the content'] as const)
    expect(after(steps, loss, 'a')).toBe('text')
})

test.each([
  ['nothing', undefined],
  ['names without content', ''],
  ['names with half of the content', 'te'],
] as const)('nothing was fsynced, and of it survives: %s', (loss, left) => {
  expect(after([write('a', 'text')], loss, 'a')).toBe(left)
})

test('a name without fsync of its directory is lost, whatever was fsynced of its content', () => {
  expect(after([write('a', 'text'), sync('a')], 'nothing', 'a')).toBeUndefined()
})

test('a rename that was not made durable leaves what was there before', () => {
  const steps = [
    write('a', 'old'),
    sync('a'),
    syncRoot(),
    write('a.tmp', 'new'),
    sync('a.tmp'),
    rename('a.tmp', 'a'),
  ]
  expect(after(steps, 'nothing', 'a')).toBe('old')
  expect(after(steps, 'names without content', 'a')).toBe('new')
  expect(after([...steps, syncRoot()], 'nothing', 'a')).toBe('new')
})

test('a renamed file whose content was not fsynced is empty', () => {
  const steps = [write('a.tmp', 'new'), rename('a.tmp', 'a'), syncRoot()]
  expect(after(steps, 'nothing', 'a')).toBe('')
})

test('what is in a directory whose own name is not durable is lost with it', () => {
  const folder = at('d')
  const steps: FileStep[] = [
    { kind: 'make-directory', path: folder },
    write('d/a', 'text'),
    sync('d/a'),
    { kind: 'sync-directory', path: folder },
  ]
  expect(after(steps, 'nothing', 'd/a')).toBeUndefined()
  expect(after([...steps, syncRoot()], 'nothing', 'd/a')).toBe('text')
})
