/** The `json` format: one JSON object a record (Flink's JSON format, insert-only). */
import type { Format } from '../format.ts'
import { JsonDecoder } from './decoder.ts'
import { JsonEncoder } from './encoder.ts'
import { jsonOptionSpecs, parseJsonOptions } from './json-options.ts'
import { StrictJsonDecoder } from './strict-decoder.ts'

export const jsonFormat: Format = {
  name: 'json',
  options: jsonOptionSpecs,
  createDecoder: (request, context) =>
    parseJsonOptions(context).strict
      ? new StrictJsonDecoder(request, context)
      : new JsonDecoder(request, context),
  createEncoder: (fields, columns, context) => new JsonEncoder(fields, columns, context),
}
