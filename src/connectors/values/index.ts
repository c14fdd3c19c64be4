/**
 * The `values` connector (extension; for tests and the library): rows given in this process, with row kinds,
 * watermarks and any number of splits; as a sink it collects changes. Delivery of the sink: at-least-once into
 * memory (rows written after the last checkpoint appear again after a restart).
 */
import { type Batch, rowKindNames, rowToJs } from '../../types/index.ts'
import type { Connector, Sink, SinkRequest } from '../contract/index.ts'
import { parseValuesOptions, type ValuesOptions, valuesOptionSpecs } from './values-options.ts'
import { ValuesSource } from './values-source.ts'
import { valuesTable } from './values-table.ts'

export * from './values-table.ts'

function createValuesSink(request: SinkRequest, options: ValuesOptions): Sink {
  const table = valuesTable(options.dataId)
  const write = (batch: Batch) => {
    for (let row = 0; row < batch.length; row++) {
      table.addChange({
        kind: rowKindNames[batch.kinds?.[row] ?? 0]!,
        row: rowToJs(batch, row, request.columns),
      })
    }
  }
  return {
    committer: null,
    createWriter: async () => ({
      write,
      ready: () => null,
      flush: async () => {},
      finish: async () => {},
      close: async () => {},
    }),
    close: async () => {},
  }
}

export const valuesConnector: Connector = {
  name: 'values',
  staysInHost: true,
  options: valuesOptionSpecs,
  capabilities(table) {
    const options = parseValuesOptions(table)
    return {
      source: { bounded: options.bounded, changelogMode: options.sourceMode, metadata: [] },
      sink: { changelogMode: options.sinkMode, metadata: [], deliveryGuarantee: 'at-least-once' },
    }
  },
  createSource: request => new ValuesSource(request, parseValuesOptions(request.table)),
  createSink: request => createValuesSink(request, parseValuesOptions(request.table)),
}
