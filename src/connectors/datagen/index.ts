/** The `datagen` connector: random and sequential rows at a given rate, replayed exactly after a restart. */
import type { Connector } from '../contract/index.ts'
import { physicalFields } from '../shared/columns.ts'
import { datagenOptionSpecs, parseDatagenOptions } from './datagen-options.ts'
import { DatagenSource, totalRows } from './datagen-source.ts'
import { createGenerator } from './generators.ts'

export const datagenConnector: Connector = {
  name: 'datagen',
  options: datagenOptionSpecs,
  capabilities(table) {
    const options = parseDatagenOptions(table)
    const generators = physicalFields(table).map(({ name, type }) => createGenerator(name, type, options))
    const bounded = Number.isFinite(totalRows(options, generators))
    return { source: { bounded, changelogMode: 'insert', metadata: [] } }
  },
  createSource: request => new DatagenSource(request, parseDatagenOptions(request.table)),
}
