/**
 * State files: whole files, and the body of a single page whose checksum would be right. Damaged ones are refused with
 * MR_STATE_CORRUPT or read; nothing else, and nothing much larger than the file is allocated.
 */
import { MillraceError } from '../../src/errors/index.ts'
import { readPage } from '../../src/state/snapshot/page-reader.ts'
import { concatBytes, pageParts } from '../../src/state/snapshot/page-writer.ts'
import { leavesOf } from '../../src/state/snapshot/parquet-schema.ts'
import { readTable } from '../../src/state/snapshot/read-table.ts'
import { writeTable } from '../../src/state/snapshot/write-table.ts'
import type { StateSchema } from '../../src/state/state-io.ts'
import { createColumns, type LogicalType, type PlainValue, parseTypeText } from '../../src/types/index.ts'
import { batchOf } from '../../test/support/operator-harness.ts'
import type { Random } from '../../test/support/random.ts'
import { withAllocationLimit } from '../allocation-meter.ts'
import { mutate } from '../mutate.ts'
import type { Case, Target } from '../target.ts'

interface Setup {
  readonly types: readonly string[]
  /** Rows that a page's header promises; null = the part is a whole file. */
  readonly pageRows: number | null
}

const types = [
  'BOOLEAN',
  'INT',
  'BIGINT',
  'DOUBLE',
  'DECIMAL(38, 3)',
  'STRING',
  'BYTES',
  'TIMESTAMP(3)',
  'TIMESTAMP(6)',
  'TIMESTAMP(9)',
  'ARRAY<BIGINT>',
  'MAP<STRING, DOUBLE>',
]

function randomValue(type: string, random: Random): PlainValue {
  if (random.chance(0.2)) return null
  const n = random.below(1000)
  switch (type) {
    case 'BOOLEAN':
      return n < 500
    case 'BIGINT':
    case 'DECIMAL(38, 3)':
    case 'TIMESTAMP(6)':
      return BigInt(n) ** 4n
    case 'STRING':
      return 's'.repeat(n % 20)
    case 'BYTES':
      return new Uint8Array(n % 20)
    case 'TIMESTAMP(9)':
      return [n, n]
    case 'ARRAY<BIGINT>':
      return [BigInt(n), null]
    case 'MAP<STRING, DOUBLE>':
      return new Map([['a', n / 2]])
    default:
      return n
  }
}

const schemaOf = (texts: readonly string[]): StateSchema => ({
  name: 'fuzz',
  version: 1,
  keyed: false,
  columns: texts.map((text, c) => ({ name: `c${c}`, type: parseTypeText(text) })),
})

function read({ types: texts, pageRows }: Setup, bytes: Uint8Array): void {
  const schema = schemaOf(texts)
  if (pageRows === null) {
    for (const batch of readTable(bytes, schema)) if (batch.length === 0) throw new Error('an empty batch')
    return
  }
  const leaf = leavesOf(schema)[0]!
  readPage(bytes, pageRows, createColumns([schema.columns[0]!.type], pageRows)[0]!, leaf)
}

function check(input: Case): void {
  const setup = input.setup as Setup
  const bytes = input.parts[0]!
  try {
    withAllocationLimit(1 << 26, () => read(setup, bytes))
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'MR_STATE_CORRUPT') throw error
  }
}

export const stateFile: Target = {
  name: 'state-file',
  doc: 'state files (Parquet) and single pages: read, or refused with MR_STATE_CORRUPT',
  numUnitCases: 1500,
  generate(random): Case {
    const isPage = random.chance(0.5)
    const texts = Array.from({ length: isPage ? 1 : 1 + random.below(4) }, () => random.pick(types))
    const logical: readonly LogicalType[] = texts.map(parseTypeText)
    const numRows = 1 + random.below(40)
    const rows = Array.from({ length: numRows }, () => texts.map(text => randomValue(text, random)))
    const batch = batchOf(logical, rows)
    const schema = schemaOf(texts)
    const whole = isPage ? concatBytes(pageParts(batch, leavesOf(schema)[0]!)) : writeTable(schema, [batch])
    const setup: Setup = { types: texts, pageRows: isPage ? numRows : null }
    return { setup, parts: [mutate(whole, random)] }
  },
  check,
}
