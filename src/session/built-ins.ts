/** The connectors and formats that come with Millrace, by name. */
import type { Connector } from '../connectors/contract/index.ts'
import { connectors } from '../connectors/registry.ts'
import type { Format } from '../formats/format.ts'
import { findFormat } from '../formats/registry.ts'

export const builtInConnectors = (name: string): Connector | undefined =>
  connectors.find(connector => connector.name === name)
export const builtInFormats = (name: string): Format | undefined => findFormat(name)
