import { expect, test } from 'vitest'
import { redactSql } from '../../../src/catalog/index.ts'

test('secret options lose their values in SQL text, others keep them', () => {
  const sql =
    "INSERT INTO t SELECT 'password' FROM s /*+ OPTIONS('properties.sasl.jaas.config'  =  'x password=\"it''s\";', 'topic'='a') */ WHERE b = 'c'"
  expect(redactSql(sql)).toBe(
    "INSERT INTO t SELECT 'password' FROM s /*+ OPTIONS('properties.sasl.jaas.config'  =  '******', 'topic'='a') */ WHERE b = 'c'",
  )
})
