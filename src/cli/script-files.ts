/** Reads SQL files and their parameters. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { configError, type SourceText } from '../errors/index.ts'

export interface ScriptFlags {
  readonly init?: string
  /** `-D`: commander names a one-letter flag by its letter. */
  readonly D: readonly string[]
  readonly param: readonly string[]
}

export interface ScriptFile {
  readonly source: SourceText
  /** File name without `.sql`: part of default job names. */
  readonly baseName: string
}

export async function readScripts(
  files: readonly string[],
  flags: ScriptFlags,
): Promise<readonly ScriptFile[]> {
  const all = flags.init === undefined ? files : [flags.init, ...files]
  return Promise.all(
    all.map(async name => {
      const text = await readFile(name, 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw configError(
          'MR_CLI_FILE',
          `cannot read ${name}: ${cause.code === 'ENOENT' ? 'there is no such file' : cause.message}`,
          { cause },
        )
      })
      return {
        source: { text: text.replace(/^\uFEFF/, ''), name },
        baseName: basename(name).replace(/\.sql$/i, ''),
      }
    }),
  )
}

/** `NAME=value` flags as a map. */
export function parseAssignments(flags: readonly string[], flagName: string): Record<string, string> {
  const entries = flags.map((flag): [string, string] => {
    const at = flag.indexOf('=')
    if (at <= 0) {
      throw configError('MR_CLI_ASSIGNMENT', `${flagName} ${flag}: a name and a value are wanted`, {
        expected: [`${flagName} NAME=value`],
      })
    }
    return [flag.slice(0, at).trim(), flag.slice(at + 1)]
  })
  return Object.fromEntries(entries)
}

/** Values of `${NAME}`: `--param` first, then the environment. */
export function paramLookup(flags: ScriptFlags): (name: string) => string | undefined {
  const params = parseAssignments(flags.param, '--param')
  return name => params[name] ?? process.env[name]
}
