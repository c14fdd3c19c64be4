/** The `json` format: one JSON object a record (Flink's JSON format, insert-only). */
import type { Format } from '../format.ts'
import { JsonDecoder } from './decoder.ts'
import { JsonEncoder } from './encoder.ts'
import { jsonOptionSpecs } from './json-options.ts'

export const jsonFormat: Format = {
  name: 'json',
  options: jsonOptionSpecs,
  createDecoder: (request, context) => new JsonDecoder(request, context),
  createEncoder: (fields, columns, context) => new JsonEncoder(fields, columns, context),
}
