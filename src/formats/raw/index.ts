/** The `raw` format (Flink's Raw format): the payload is the value of the table's one column. */
import type { Format } from '../format.ts'
import { RawDecoder } from './decoder.ts'
import { RawEncoder } from './encoder.ts'
import { rawOptionSpecs } from './raw-options.ts'

export const rawFormat: Format = {
  name: 'raw',
  options: rawOptionSpecs,
  createDecoder: (request, context) => new RawDecoder(request, context),
  createEncoder: (fields, columns, context) => new RawEncoder(fields, columns, context),
}
