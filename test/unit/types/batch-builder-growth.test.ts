import { expect, test } from 'vitest'
import { arrayType, BatchBuilder, integerType, stringType, writePlain } from '../../../src/types/index.ts'

test('columns of every storage grow together: NULL in an object column beyond the first rows is kept', () => {
  const types = [integerType(), arrayType(integerType()), stringType()]
  const batch = new BatchBuilder(types, 1)
  for (let i = 0; i < 40; i++) {
    const row = batch.addRow()
    for (const column of batch.columns) writePlain(column, row, null)
  }
  for (const column of batch.columns) {
    for (let row = 0; row < 40; row++) expect(column.isNull(row)).toBe(true)
  }
})
