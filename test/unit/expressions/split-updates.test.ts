import { expect, test } from 'vitest'
import { compileCalc } from '../../../src/expressions/index.ts'
import {
  BatchBuilder,
  integerType,
  ROW_DELETE,
  ROW_INSERT,
  ROW_UPDATE_AFTER,
  ROW_UPDATE_BEFORE,
  rowKindNames,
} from '../../../src/types/index.ts'

const type = integerType()
const keepSmall = compileCalc(
  {
    inputTypes: [type],
    condition: {
      kind: 'Call',
      function: '<',
      type: { kind: 'BOOLEAN', nullable: true },
      arguments: [
        { kind: 'InputRef', index: 0, type },
        { kind: 'Literal', value: 10, type },
      ],
    },
    projections: [{ kind: 'InputRef', index: 0, type }],
    watermark: null,
  },
  { timeZone: 'UTC', now: () => 0, currentWatermark: () => Number.NEGATIVE_INFINITY },
)

function filtered(rows: readonly (readonly [number, number])[]): string[] {
  const batch = new BatchBuilder([type], 1)
  for (const [kind, value] of rows) {
    const row = batch.addRow(kind)
    const column = batch.columns[0]!
    if (column.storage === 'i32') column.values[row] = value
  }
  const result = keepSmall.process(batch)
  const column = result.columns[0]!
  if (column.storage !== 'i32') throw new Error('storage')
  return Array.from(
    { length: result.length },
    (_, i) => `${rowKindNames[result.kinds?.[i] ?? 0]}${column.values[i]}`,
  )
}

test('an update of which one half passes becomes a delete or an insert', () => {
  const before = ROW_UPDATE_BEFORE
  const after = ROW_UPDATE_AFTER
  expect(
    filtered([
      [before, 9],
      [after, 10],
    ]),
  ).toEqual(['-D9'])
  expect(
    filtered([
      [before, 10],
      [after, 9],
    ]),
  ).toEqual(['+I9'])
  expect(
    filtered([
      [before, 8],
      [after, 9],
    ]),
  ).toEqual(['-U8', '+U9'])
  expect(
    filtered([
      [before, 10],
      [after, 11],
      [ROW_INSERT, 1],
    ]),
  ).toEqual(['+I1'])
  expect(
    filtered([
      [before, 1],
      [after, 2],
      [before, 9],
      [after, 10],
      [before, 10],
      [after, 3],
      [ROW_DELETE, 4],
    ]),
  ).toEqual(['-U1', '+U2', '-D9', '+I3', '-D4'])
})

test('an upsert stream without −U keeps its +U', () => {
  expect(
    filtered([
      [ROW_UPDATE_AFTER, 1],
      [ROW_UPDATE_AFTER, 12],
      [ROW_UPDATE_AFTER, 3],
    ]),
  ).toEqual(['+U1', '+U3'])
})

test('what an earlier, longer batch left behind is not looked at', () => {
  expect(
    filtered([
      [ROW_UPDATE_BEFORE, 1],
      [ROW_UPDATE_AFTER, 2],
      [ROW_INSERT, 50],
    ]),
  ).toEqual(['-U1', '+U2'])
  expect(
    filtered([
      [ROW_UPDATE_BEFORE, 1],
      [ROW_INSERT, 50],
    ]),
  ).toEqual(['-U1'])
})
