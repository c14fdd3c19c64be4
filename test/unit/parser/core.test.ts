import { describe, expect, test } from 'vitest'
import { expression, plain, statement } from './parse.ts'

describe('a table', () => {
  test('keeps columns of all three kinds, its watermark and its key', () => {
    const table = statement(`
      CREATE TABLE orders (
        id BIGINT NOT NULL PRIMARY KEY NOT ENFORCED,
        ts TIMESTAMP(3) METADATA FROM 'timestamp' VIRTUAL,
        pt AS PROCTIME(),
        WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
      ) WITH ('connector' = 'kafka')`)
    expect(plain(table)).toMatchObject({
      kind: 'CreateTable',
      name: ['orders'],
      columns: [
        { kind: 'PhysicalColumn', name: 'id', type: { name: 'BIGINT', nullable: false } },
        { kind: 'MetadataColumn', name: 'ts', key: { value: 'timestamp' }, virtual: true },
        { kind: 'ComputedColumn', name: 'pt', expression: { kind: 'FunctionCall', name: ['PROCTIME'] } },
      ],
      watermarks: [{ column: ['ts'], expression: { kind: 'BinaryOperation', operator: '-' } }],
      primaryKeys: [{ columns: ['id'] }],
      options: [{ key: { value: 'connector' }, value: { value: 'kafka' } }],
    })
  })
})

describe('precedence', () => {
  test('NOT is weaker than IS, IS weaker than comparison', () => {
    expect(expression('NOT a = b IS NULL')).toMatchObject({
      operator: 'NOT',
      operand: { kind: 'IsTest', operand: { operator: '=' } },
    })
  })

  test('|| binds like multiplication', () => {
    expect(expression("a + b || 'x'")).toMatchObject({ operator: '+', right: { operator: '||' } })
  })
})
