import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { checkpointFailPoints, type FileRole } from '../../../src/checkpoint/fail-points.ts'
import { kafkaFailPoints } from '../../../src/connectors/kafka/transaction/fail-points.ts'
import { parseFailPoints } from '../../../src/failpoints/failpoints.ts'

const roles: Readonly<Record<FileRole, true>> = { state: true, manifest: true, confirmed: true, lease: true }
const role = /\$\{role\}/
const source = resolve(import.meta.dirname, '../../../src')

/** Names in failPoint('…') and failPoint(`file.${role}.…`) of the whole source. */
function namesInCode(): Set<string> {
  const found = new Set<string>()
  for (const entry of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts')) continue
    const text = readFileSync(join(source, entry), 'utf8')
    for (const [, name] of text.matchAll(/failPoint\(['`]([^'`]+)['`]\)/g)) {
      if (role.test(name!)) for (const each of Object.keys(roles)) found.add(name!.replace(role, each))
      else found.add(name!)
    }
  }
  return found
}

test('the tables name exactly the fail points of the code', () => {
  // State files are not replaced: they have no rename.
  const inCode = [...namesInCode()].filter(name => name !== 'file.state.renamed')
  const inTables = [...Object.keys(kafkaFailPoints), ...Object.keys(checkpointFailPoints)]
  expect(inCode.sort()).toEqual(inTables.sort())
})

test.each(['a.b=die', 'a.b', 'a.b=kill@x', 'a.b=kill,c=kill'])(
  '%s is refused: it would never happen',
  text => {
    expect(() => parseFailPoints(text)).toThrow('not understood')
  },
)

test.each([
  ['a=kill', 1, 1],
  ['a=kill@3', 3, 3],
  ['a=hold@2+', 2, Number.POSITIVE_INFINITY],
  ['a=sleep:50', 1, Number.POSITIVE_INFINITY],
  ['a=sleep:50@2', 2, 2],
])('%s acts from hit %d to %d', (text, firstHit, lastHit) => {
  expect(parseFailPoints(text).get('a')).toMatchObject({ firstHit, lastHit })
})
