/** `millrace`: parses arguments, runs one command, turns errors into one clear message and an exit code. */
import { Command, CommanderError, Option } from 'commander'
import { toMillraceError } from '../errors/index.ts'
import { version } from '../version/version.ts'
import type { DevBrokerFlags } from './dev-broker-command.ts'
import type { RunFlags } from './run-command.ts'

/** Runs the command line; sets `process.exitCode` and never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', outputFailed)
  process.stderr.on('error', outputFailed)
  const program = createProgram()
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2
      return
    }
    const failure = toMillraceError(error)
    process.stderr.write(`${failure.render()}\n`)
    if (failure.family === 'internal' && process.env['MILLRACE_STACK'] === undefined)
      process.stderr.write(
        '  this is a bug in Millrace; MILLRACE_STACK=1 adds the stack trace for a report\n',
      )
    if (process.env['MILLRACE_STACK'] !== undefined)
      process.stderr.write(`${String(failure.stack)}\n${String(failure.details.cause)}\n`)
    process.exitCode = failure.exitCode
  }
}

/** A reader that has seen enough (`| head -1`) is no failure. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value]

function scriptOptions(command: Command): Command {
  return command
    .argument('<file...>', 'SQL files, executed in order')
    .option('-i, --init <file>', 'SQL file to execute first')
    .option('-D <key=value>', 'a setting, as SET does', collect, [])
    .option('--param <NAME=value>', `value of \${NAME} in the files; else the environment`, collect, [])
}

function createProgram(): Command {
  const program = new Command('millrace')
    .description('Flink SQL inside one Node.js process')
    .version(version, '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(millrace --help shows every command)')
  scriptOptions(program.command('run'))
    .description('run the statements of SQL files')
    .option(
      '--state-dir <path>',
      'where checkpoints are kept',
      process.env['MILLRACE_STATE_DIR'] ?? './.millrace',
    )
    .option('--resume <latest|none|PATH>', 'which checkpoint to start from', 'latest')
    .addOption(
      new Option(
        '--format <format>',
        'how rows of SELECT are printed; default: table on a terminal, else json',
      ).choices(['table', 'changelog', 'json']),
    )
    .option('--status-file <path>', 'file that says when jobs are running, for supervisors')
    .addOption(
      new Option('--log-format <format>', 'default: text on a terminal, else json').choices(['text', 'json']),
    )
    .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('info'))
    .option('--timings', 'print on stderr where the time to the first row goes')
    .action(async (files: string[], flags: RunFlags) => {
      const { runCommand } = await import('./run-command.ts')
      await runCommand(files, flags)
    })
  scriptOptions(program.command('explain'))
    .description('print the plans of the statements without running them')
    .option('--changelog', 'with the change kinds of every node')
    .option('--json', 'print the plan graph as JSON')
    .action(async (files: string[], flags) => {
      const { explainCommand } = await import('./explain-command.ts')
      await explainCommand(files, flags)
    })
  program
    .command('dev-broker')
    .description('start a Kafka-compatible broker for development, in this process and in memory')
    .option('--port <port>', 'port to listen on', '9092')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--partitions <n>', 'partitions of topics created by use', '3')
    .option('--data-dir <path>', 'keep topics there over restarts')
    .action(async (flags: DevBrokerFlags) => {
      const { devBrokerCommand } = await import('./dev-broker-command.ts')
      await devBrokerCommand(flags)
    })
  return program
}
