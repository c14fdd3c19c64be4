/**
 * The dev broker as a process of its own: it can be killed and stopped, its records outlive it, and over the channel to
 * its parent it is told to answer late, twice or not at all.
 */
import { type FaultAction, startDevBroker } from '../../src/dev-broker/index.ts'
import type { BrokerFault } from './broker.ts'

const actionOf = ({ kind, ms }: BrokerFault): FaultAction => {
  switch (kind) {
    case 'taken late':
      return { kind: 'delay', ms }
    case 'answered late':
      return { kind: 'delay-answer', ms }
    case 'answer lost':
      return { kind: 'drop-answer', close: true }
    case 'taken twice':
      return { kind: 'duplicate' }
    case 'connection cut':
      return { kind: 'kill-connection' }
    default:
      return kind satisfies never
  }
}

const [, , port, dataDir] = process.argv
const broker = await startDevBroker({ port: Number(port), dataDir: dataDir!, defaultPartitions: 3 })
process.on('message', (message: unknown) => {
  const fault = message as BrokerFault
  const handle = broker.faults.add({ api: fault.api, times: fault.times, action: actionOf(fault) })
  setTimeout(() => handle.remove(), fault.forMs).unref()
})
process.on('disconnect', () => process.exit())
process.once('SIGTERM', () => void broker.close().then(() => process.exit(0)))
process.send!('listens')
