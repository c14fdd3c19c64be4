/** The `blackhole` connector: takes every change and forgets it. For measuring and for dry runs. */
import { parseOptions } from '../../catalog/index.ts'
import type { Connector, SinkWriter } from '../contract/index.ts'
import { connectorOption } from '../shared/option-specs.ts'

class BlackholeWriter implements SinkWriter {
  #numRecords = 0

  write(batch: { readonly length: number }): void {
    this.#numRecords += batch.length
  }

  ready(): null {
    return null
  }

  async flush(): Promise<void> {}
  async finish(): Promise<void> {}
  async close(): Promise<void> {}

  metrics(): Readonly<Record<string, number>> {
    return { numRecordsOut: this.#numRecords }
  }
}

export const blackholeConnector: Connector = {
  name: 'blackhole',
  options: [connectorOption('blackhole')],
  capabilities(table) {
    parseOptions(table.options, this.options, 'blackhole connector')
    return { sink: { changelogMode: 'retract', metadata: [], deliveryGuarantee: 'none' } }
  },
  createSink: () => ({
    committer: null,
    createWriter: async () => new BlackholeWriter(),
    close: async () => {},
  }),
}
