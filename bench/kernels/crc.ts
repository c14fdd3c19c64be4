/** CRC-32C, the checksum of every record batch. */
import { crc32c, crc32cInJavaScript } from '../../src/connectors/kafka/records/crc32c.ts'
import { heapMemory } from '../../src/types/index.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { logIn, passesAt, repeated } from './log-records.ts'

export const crc: ContenderBenchmark = {
  kind: 'contenders',
  name: 'crc',
  title: 'CRC-32C of record batches',
  contenders(scale) {
    const contender = repeated(passesAt(scale))
    const { bytes } = logIn(heapMemory)
    const expected = crc32c(bytes)
    const check = (value: number) => {
      if (value !== expected) throw new Error('another checksum')
    }
    return Promise.resolve({
      bytesPerPass: bytes.length * passesAt(scale),
      contenders: [
        contender('JavaScript', () => check(crc32cInJavaScript(bytes))),
        contender('native', () => check(crc32c(bytes))),
      ],
    })
  },
}
