/**
 * The JSON decoder against JSON.parse and plain conversions: runs of many records with odd ones among them, whatever
 * lies around a record in the buffer, rows written from any position on, with errors thrown or ignored.
 */
import { jsonFormat } from '../../src/formats/json/index.ts'
import { heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { Random } from '../../test/support/random.ts'
import {
  columnsFor,
  compareOutcomes,
  type DecoderSetup,
  decodeRun,
  expectedOutcome,
  fieldsOf,
  onHeap,
  type Places,
  surroundings,
} from '../decoder-runs.ts'
import { referenceRecord } from '../reference/json-values.ts'
import type { Case, Target } from '../target.ts'
import { jsonRecords, randomSchema } from './json-records.ts'

function checkJson(input: Case): void {
  const setup = input.setup as DecoderSetup
  const { options, wanted } = setup
  const fields = fieldsOf(setup)
  const read = wanted.map(i => fields[i]!)
  const ignoreErrors = options['ignore-parse-errors'] === 'true'
  const rules = {
    failOnMissingField: options['fail-on-missing-field'] === 'true',
    ignoreParseErrors: ignoreErrors,
    iso: options['timestamp-format.standard'] === 'ISO-8601',
    zeroTimestampIsNull: options['zero-timestamp.behavior'] === 'CONVERT_TO_NULL',
  }
  const answers = input.parts.map(part => referenceRecord(part, read, rules))
  const expected = expectedOutcome(answers, ignoreErrors)
  const arena = columnMemory()
  const all: readonly (readonly [string, Places])[] = [
    ['JavaScript', onHeap],
    ['WebAssembly', { columns: arena, payloads: arena }],
    ['WebAssembly on a copy', { columns: arena, payloads: heapMemory }],
  ]
  for (const [who, places] of all) {
    const decoder = jsonFormat.createDecoder({ fields, wanted }, { options, timeZone: 'UTC' })
    const columns = columnsFor(read, places)
    // The second time the decoder has learned the keys, and columns have been used.
    for (const which of [`${who}, first`, `${who}, again`])
      compareOutcomes(
        decodeRun(decoder, read, input.parts, setup, places, columns),
        expected,
        input.parts,
        which,
      )
    for (const column of columns) column.release()
    decoder.close?.()
  }
}

export const json: Target = {
  name: 'json',
  doc: 'JSON decoder against JSON.parse and plain conversions',
  numUnitCases: 60,
  generate(random: Random): Case {
    const fields = randomSchema(random)
    const positions = fields.map((_, i) => i)
    const wanted = random.chance(0.3)
      ? random.shuffled(positions).slice(0, random.below(fields.length + 1))
      : positions
    const options: Record<string, string> = {}
    if (random.chance(0.5)) options['ignore-parse-errors'] = 'true'
    else if (random.chance(0.2)) options['fail-on-missing-field'] = 'true'
    if (random.chance(0.3)) options['timestamp-format.standard'] = 'ISO-8601'
    if (random.chance(0.2)) options['zero-timestamp.behavior'] = 'CONVERT_TO_NULL'
    const setup: DecoderSetup = {
      fields,
      wanted,
      options,
      around: random.pick(surroundings),
      chunk: random.pick([1, 2, 7, 1000]),
    }
    return { setup, parts: jsonRecords(fields, random) }
  },
  check: checkJson,
}
