/** `millrace dev-broker`: runs until a signal comes. */
import { startDevBroker } from '../dev-broker/index.ts'
import { configError } from '../errors/index.ts'

export interface DevBrokerFlags {
  readonly port: string
  readonly host: string
  readonly partitions: string
  readonly dataDir?: string
}

export async function devBrokerCommand(flags: DevBrokerFlags): Promise<void> {
  const broker = await startDevBroker({
    port: number(flags.port, '--port', 0, 65535),
    host: flags.host,
    defaultPartitions: number(flags.partitions, '--partitions', 1, 1000),
    ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }),
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause
    throw configError('MR_CLI_PORT_IN_USE', `port ${flags.port} is in use`, {
      hint: 'choose another with --port',
      cause,
    })
  })
  // Before the address is said: who reads it may send a signal at once.
  const stopped = new Promise<void>(resolve => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  process.stdout.write(`dev broker listens on ${broker.bootstrap}\n`)
  process.stderr.write(
    flags.dataDir === undefined
      ? 'For development: topics are kept in memory and are gone when it stops. Ctrl-C stops it.\n'
      : `For development: topics are kept in ${flags.dataDir}. Ctrl-C stops it.\n`,
  )
  await stopped
  await broker.close()
}

function number(text: string, flag: string, low: number, high: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= low && value <= high) return value
  throw configError('MR_CLI_NUMBER', `${flag} ${text}: a number from ${low} to ${high} is wanted`)
}
