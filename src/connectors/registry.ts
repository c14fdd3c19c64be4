/** Every connector, in one list. A host may look names up in a list of its own made from this one. */
import { configError, nearestName, validationError } from '../errors/index.ts'
import { asyncIterableConnector } from './async-iterable/index.ts'
import { blackholeConnector } from './blackhole/index.ts'
import { callbackConnector } from './callback/index.ts'
import type { Connector } from './contract/index.ts'
import { datagenConnector } from './datagen/index.ts'
import { filesystemConnector } from './filesystem/index.ts'
import { kafkaConnector } from './kafka/index.ts'
import { printConnector } from './print/index.ts'
import { upsertKafkaConnector } from './upsert-kafka/index.ts'
import { valuesConnector } from './values/index.ts'

export const connectors: readonly Connector[] = [
  asyncIterableConnector,
  blackholeConnector,
  callbackConnector,
  datagenConnector,
  filesystemConnector,
  kafkaConnector,
  printConnector,
  upsertKafkaConnector,
  valuesConnector,
]

const internalConnectors: readonly string[] = ['async-iterable', 'callback']

/** Throws ValidationError MR_CONNECTOR_UNKNOWN that names the nearest and all known connectors. */
export function findConnector(name: string, known: readonly Connector[] = connectors): Connector {
  const connector = known.find(candidate => candidate.name === name)
  if (connector !== undefined) return connector
  // Made by the library and the test kit only: `data-id` has no meaning in a file.
  const names = known.map(candidate => candidate.name).filter(known => !internalConnectors.includes(known))
  if (name === '') {
    throw configError('MR_CONFIG_MISSING_OPTION', "the table has no option 'connector'", { expected: names })
  }
  throw validationError('MR_CONNECTOR_UNKNOWN', `there is no connector '${name}'`, {
    option: 'connector',
    expected: names,
    nearest: nearestName(name, names),
  })
}
