/** `x IS JSON [VALUE | OBJECT | ARRAY | SCALAR]`. */
import type { ScalarSpec } from '../../function-spec.ts'
import type { Json } from './json-path.ts'
import { parseJson } from './json-text.ts'

const test = (
  kind: string,
  holds: (json: Json) => boolean,
  examples: ScalarSpec['examples'],
): ScalarSpec => ({
  names: [`IS JSON ${kind}`],
  signatures: ['(STRING) -> BOOLEAN'],
  nulls: 'propagate',
  naive: ([text]) => {
    const json = parseJson(text as string)
    return json !== undefined && holds(json)
  },
  doc: `Whether the text is a JSON ${kind.toLowerCase()}.`,
  examples,
})

export const isJsonFunctions: readonly ScalarSpec[] = [
  test('VALUE', () => true, [
    { sql: "'[1]' IS JSON", result: 'TRUE' },
    { sql: "'{a}' IS JSON", result: 'FALSE' },
    { sql: "'{a}' IS NOT JSON", result: 'TRUE' },
  ]),
  test('OBJECT', json => typeof json === 'object' && json !== null && !Array.isArray(json), [
    { sql: "'{}' IS JSON OBJECT", result: 'TRUE' },
  ]),
  test('ARRAY', json => Array.isArray(json), [{ sql: "'{}' IS JSON ARRAY", result: 'FALSE' }]),
  test('SCALAR', json => json === null || typeof json !== 'object', [
    { sql: "'null' IS JSON SCALAR", result: 'TRUE' },
  ]),
]
