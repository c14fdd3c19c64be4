/**
 * File steps whose order a crash cannot change: content is fsynced before its name, names before what relies on
 * them. `isMutated` switches single steps off for tests that must show they are needed.
 */
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isMutated } from '../failpoints/failpoints.ts'

export async function fsyncDirectory(path: string): Promise<void> {
  if (isMutated('no-directory-fsync') || process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Makes a directory, those above it that are missing, and all their names durable. Not with mkdir's `recursive`:
 * that never returns where a file system refuses with ENOENT (/proc).
 */
export async function makeDurableDirectory(path: string): Promise<void> {
  const full = resolve(path)
  const parent = dirname(full)
  try {
    await mkdir(full)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || parent === full || (await exists(parent))) throw error
    await makeDurableDirectory(parent)
    return makeDurableDirectory(full)
  }
  await fsyncDirectory(parent)
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Writes a whole file and fsyncs it; the directory entry is not yet durable. */
export async function writeSynced(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const handle: FileHandle = await open(path, 'w', 0o600)
  try {
    for (const chunk of chunks) await handle.writeFile(chunk)
    if (!isMutated('no-fsync')) await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Atomically makes `name` in `directory` hold `content`: after a crash it is all there or not there. */
export async function replaceDurably(directory: string, name: string, content: string): Promise<void> {
  const target = join(directory, name)
  if (isMutated('no-rename')) {
    await writeSynced(target, [Buffer.from(content)])
    return
  }
  const temporary = `${target}.tmp`
  await writeSynced(temporary, [Buffer.from(content)])
  await rename(temporary, target)
  await fsyncDirectory(directory)
}
