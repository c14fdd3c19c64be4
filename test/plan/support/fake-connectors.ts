import type { CatalogTable, MetadataKey, TableCapabilities } from '../../../src/catalog/index.ts'
import { validationError } from '../../../src/errors/index.ts'
import {
  bigintType,
  bytesType,
  integerType,
  mapType,
  stringType,
  timestampLtzType,
} from '../../../src/types/index.ts'

const kafkaMetadata: readonly MetadataKey[] = [
  { key: 'topic', type: stringType(false), writable: true },
  { key: 'partition', type: integerType(false), writable: false },
  { key: 'offset', type: bigintType(false), writable: false },
  { key: 'timestamp', type: timestampLtzType(3, false), writable: true },
  { key: 'headers', type: mapType(stringType(), bytesType(), false), writable: true },
]

type Asked = Pick<CatalogTable, 'options' | 'schema'> & { readonly name: string }

/** What the real connectors say of their tables, as far as planning goes. */
export function fakeCapabilities(table: Asked): TableCapabilities {
  const connector = table.options['connector']
  const stray = Object.keys(table.options).find(key => key.startsWith('scan.watermark.'))
  if (stray !== undefined) throw validationError('MR_CONFIG_UNKNOWN_OPTION', `no option '${stray}'`)
  const changelog = (table.options['format'] ?? '').startsWith('debezium')
  const bounded = table.options['scan.bounded.mode'] !== undefined
  const deliveryGuarantee = 'at-least-once'
  switch (connector) {
    case 'kafka': {
      const changelogMode = changelog ? 'retract' : 'insert'
      return {
        source: { bounded, changelogMode, metadata: kafkaMetadata },
        sink: { changelogMode, metadata: kafkaMetadata, deliveryGuarantee },
      }
    }
    case 'upsert-kafka':
      return {
        source: { bounded, changelogMode: 'upsert', metadata: kafkaMetadata },
        sink: { changelogMode: 'upsert', metadata: kafkaMetadata, deliveryGuarantee },
      }
    case 'datagen':
      return { source: { bounded: false, changelogMode: 'insert', metadata: [] } }
    case 'print':
    case 'blackhole':
      return { sink: { changelogMode: 'retract', metadata: [], deliveryGuarantee } }
    default:
      throw validationError(
        'MR_CONNECTOR_UNKNOWN',
        `table '${table.name}' has no known connector: '${connector}'`,
      )
  }
}
