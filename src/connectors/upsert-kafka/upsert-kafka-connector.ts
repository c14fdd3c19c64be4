/** `'connector' = 'upsert-kafka'`: a changelog by key; the PRIMARY KEY is the record's key, null values delete. */
import type { TableCapabilities } from '../../catalog/index.ts'
import type { Connector } from '../contract/index.ts'
import { kafkaEndpoints, loadKafkaEndpoints } from '../kafka/endpoints.ts'
import { kafkaMetadata } from '../kafka/kafka-metadata.ts'
import { upsertKafkaOptions } from '../kafka/options/option-specs.ts'
import { recordFields } from '../kafka/options/record-fields.ts'
import { checkSink, deliveryGuarantee } from '../kafka/options/sink-options.ts'
import { checkSource } from '../kafka/options/source-options.ts'
import { readTable } from '../kafka/options/table-options.ts'

export const upsertKafkaConnector: Connector = {
  name: 'upsert-kafka',
  options: upsertKafkaOptions,
  capabilities(definition, findFormat): TableCapabilities {
    const table = readTable(definition, true, findFormat)
    recordFields(definition, table)
    checkSource(table)
    checkSink(table)
    return {
      source: {
        bounded: table.values.string('scan.bounded.mode') !== 'unbounded',
        changelogMode: 'upsert',
        metadata: kafkaMetadata,
      },
      sink: { changelogMode: 'upsert', metadata: kafkaMetadata, deliveryGuarantee: deliveryGuarantee(table) },
    }
  },
  load: loadKafkaEndpoints,
  createSource: (request, job) => kafkaEndpoints().createSource(request, job, true),
  createSink: (request, job) => kafkaEndpoints().createSink(request, job, true),
}
