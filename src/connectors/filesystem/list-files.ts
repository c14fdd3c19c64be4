import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connectorError } from '../../errors/index.ts'

/** Names that are not data: hidden, in progress, markers such as `_SUCCESS`. */
const isHidden = (name: string): boolean => name.startsWith('.') || name.startsWith('_')

/** The file itself, or every data file below a directory, in the order of their names. */
export async function listFiles(path: string): Promise<string[]> {
  const info = await stat(path).catch((cause: unknown) => {
    throw connectorError('MR_FILESYSTEM_PATH', `cannot read '${path}': ${(cause as Error).message}`, {
      cause,
    })
  })
  if (!info.isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const files: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isHidden(entry.name)) continue
    const inner = join(path, entry.name)
    if (entry.isDirectory()) files.push(...(await listFiles(inner)))
    else files.push(inner)
  }
  return files
}
