/** Child process: serves a data directory until it is killed. Arguments: data directory, port. Prints the bootstrap address. */
import { startDevBroker } from '../../../src/dev-broker/index.ts'

const [dataDir, port] = process.argv.slice(2) as [string, string]
const broker = await startDevBroker({ dataDir, port: Number(port), topics: [{ name: 't', partitions: 2 }] })
process.stdout.write(`${broker.bootstrap}\n`)
