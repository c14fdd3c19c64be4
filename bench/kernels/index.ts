/** Kernels beside their plain twins, on the same bytes. */
import type { ContenderBenchmark } from '../harness.ts'
import { crc } from './crc.ts'
import { jsonEncode } from './json-encode.ts'
import { jsonScan, jsonScanAll } from './json-scan.ts'
import { keyHash } from './key-hash.ts'
import { oddRecords } from './odd-records.ts'
import { recordDecode } from './record-decode.ts'
import { recordEncode } from './record-encode.ts'
import { stringEquality } from './string-equality.ts'
import { utf8 } from './utf8.ts'
import { valueKernels } from './values.ts'

export const kernels: readonly ContenderBenchmark[] = [
  jsonScan,
  jsonScanAll,
  jsonEncode,
  recordDecode,
  recordEncode,
  crc,
  utf8,
  ...valueKernels,
  keyHash,
  stringEquality,
  ...oddRecords,
]
