/** The `csv` format (Flink's CSV format, insert-only): one record a payload, fields by position. */
import type { Format } from '../format.ts'
import { csvOptionSpecs } from './csv-options.ts'
import { CsvDecoder } from './decoder.ts'
import { CsvEncoder } from './encoder.ts'

export const csvFormat: Format = {
  name: 'csv',
  options: csvOptionSpecs,
  createDecoder: (request, context) => new CsvDecoder(request, context),
  createEncoder: (fields, columns, context) => new CsvEncoder(fields, columns, context),
}
