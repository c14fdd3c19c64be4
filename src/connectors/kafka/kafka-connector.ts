/** `'connector' = 'kafka'`: append streams from and to topics. */

import type { TableCapabilities } from '../../catalog/index.ts'
import { validationError } from '../../errors/index.ts'
import type { Connector } from '../contract/index.ts'
import { kafkaEndpoints, loadKafkaEndpoints } from './endpoints.ts'
import { kafkaMetadata } from './kafka-metadata.ts'
import { kafkaOptions } from './options/option-specs.ts'
import { recordFields } from './options/record-fields.ts'
import { checkSink, deliveryGuarantee } from './options/sink-options.ts'
import { checkSource } from './options/source-options.ts'
import { readTable } from './options/table-options.ts'

export const kafkaConnector: Connector = {
  name: 'kafka',
  options: kafkaOptions,
  capabilities(definition, findFormat): TableCapabilities {
    const table = readTable(definition, false, findFormat)
    recordFields(definition, table)
    checkSource(table)
    checkSink(table)
    if (definition.schema.primaryKey !== undefined) {
      throw validationError(
        'MR_KAFKA_PRIMARY_KEY',
        `table '${definition.name}' has a PRIMARY KEY, but records of an append-only topic cannot promise one`,
        { hint: "Use 'connector' = 'upsert-kafka', or leave the PRIMARY KEY out." },
      )
    }
    return {
      source: {
        bounded: table.values.string('scan.bounded.mode') !== 'unbounded',
        changelogMode: 'insert',
        metadata: kafkaMetadata,
      },
      sink: { changelogMode: 'insert', metadata: kafkaMetadata, deliveryGuarantee: deliveryGuarantee(table) },
    }
  },
  load: loadKafkaEndpoints,
  createSource: (request, job) => kafkaEndpoints().createSource(request, job, false),
  createSink: (request, job) => kafkaEndpoints().createSink(request, job, false),
}
