/** The tarball `npm pack` makes, installed into an empty project, as a user would have it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

export interface PackedFile {
  readonly path: string
  readonly size: number
}

export interface PackedProject extends Disposable {
  readonly folder: string
  readonly files: readonly PackedFile[]
  readonly unpackedSize: number
  run(command: string, args: readonly string[]): RunResult
}

export interface RunResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Without what the npm that runs these tests tells its children about its own project. */
export function userEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(npm_package_|npm_lifecycle_|npm_command$|npm_config_local_prefix$|npm_config_prefix$|INIT_CWD$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}

export function runIn(folder: string, command: string, args: readonly string[]): RunResult {
  const options = { cwd: folder, env: userEnvironment(), encoding: 'utf8' } as const
  const { status, stdout, stderr, error } = spawnSync(command, args, options)
  if (error !== undefined) throw error
  return { status, stdout, stderr }
}

interface PackReport {
  readonly filename: string
  readonly unpackedSize: number
  readonly files: readonly PackedFile[]
}

/** npm 11 prints an array, later versions an object by package name. */
function readReport(text: string): PackReport {
  const parsed = JSON.parse(text) as readonly PackReport[] | Readonly<Record<string, PackReport>>
  return Object.values(parsed)[0]!
}

export function installPacked(): PackedProject {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-package-'))
  const env = userEnvironment()
  execFileSync(process.execPath, [join(root, 'scripts', 'build.ts')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { filename, files, unpackedSize } = readReport(packed)
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n')
  const tarball = join(folder, filename.split('/').at(-1)!)
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    folder,
    files,
    unpackedSize,
    run: (command, args) => runIn(folder, command, args),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
