import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeDurableDirectory } from '../../../src/checkpoint/durable-files.ts'

it('makes directories for several jobs at once, which all find what is above them missing', async () => {
  const place = await mkdtemp(join(tmpdir(), 'millrace-directories-'))
  try {
    const names = ['a', 'b', 'c', 'd']
    for (let i = 0; i < 200; i++) {
      const above = join(place, String(i), 'state')
      await Promise.all(names.map(name => makeDurableDirectory(join(above, name))))
      expect(await readdir(above)).toEqual(names)
    }
  } finally {
    await rm(place, { recursive: true })
  }
})

it('refuses what a file system refuses, and comes back', async () => {
  await expect(makeDurableDirectory('/proc/millrace/state')).rejects.toThrow('ENOENT')
})
