import { beforeEach, describe, expect, test } from 'vitest'
import { Catalog, type CatalogTable, MemoryCatalog, type ObjectPath } from '../../../src/catalog/index.ts'
import { integerType } from '../../../src/types/index.ts'

const path = (name: string): ObjectPath => ['default_catalog', 'default_database', name]
const table = (name: string, temporary = false, comment = ''): CatalogTable => ({
  kind: 'table',
  path: path(name),
  temporary,
  schema: { columns: [{ kind: 'physical', name: 'a', type: integerType() }] },
  options: {},
  partitionedBy: [],
  comment,
})

let catalog: Catalog
beforeEach(() => {
  catalog = new Catalog()
})

describe('names', () => {
  test('have one to three parts, the rest is the current catalog and database', () => {
    expect(catalog.resolvePath(['t'])).toEqual(path('t'))
    expect(catalog.resolvePath(['db', 't'])).toEqual(['default_catalog', 'db', 't'])
    expect(catalog.resolvePath(['c', 'db', 't'])).toEqual(['c', 'db', 't'])
    expect(() => catalog.resolvePath(['a', 'b', 'c', 'd'])).toThrow('has 4 parts')
  })

  test('follow USE', () => {
    catalog.createDatabase(['other'], { options: {} })
    catalog.useDatabase(['other'])
    expect(catalog.resolvePath(['t'])).toEqual(['default_catalog', 'other', 't'])
    catalog.addCatalog(new MemoryCatalog('second', ['main']))
    catalog.useCatalog('second')
    expect(catalog.resolvePath(['t'])).toEqual(['second', 'main', 't'])
  })

  test('are case-sensitive', () => {
    catalog.create(table('Clicks'))
    expect(catalog.find(path('clicks'))).toBeUndefined()
    expect(() => catalog.get(path('clicks'))).toThrow(
      expect.objectContaining({ details: { nearest: 'Clicks', hint: undefined } }),
    )
  })
})

describe('temporary objects', () => {
  test('shadow permanent ones until they go', () => {
    catalog.create(table('t', false, 'permanent'))
    const temporary = table('t', true, 'temporary')
    catalog.create(temporary)
    expect(catalog.get(path('t')).comment).toBe('temporary')
    expect(catalog.list(['default_catalog', 'default_database'])).toEqual([temporary])
    catalog.remove(temporary)
    expect(catalog.get(path('t')).comment).toBe('permanent')
  })

  test('a name is taken only by objects of the same kind of life', () => {
    catalog.create(table('t', true))
    catalog.create(table('t'))
    expect(() => catalog.create(table('t'))).toThrow(
      "table 'default_catalog.default_database.t' already exists",
    )
    expect(() => catalog.create(table('t', true))).toThrow('temporary table')
  })
})

describe('databases and catalogs', () => {
  test('a database with tables is dropped only by CASCADE', () => {
    const memory = catalog.getCatalog('default_catalog')
    catalog.create(table('t'))
    expect(() => memory.dropDatabase('default_database', false)).toThrow('holds 1 tables')
    memory.dropDatabase('default_database', true)
    expect(catalog.find(path('t'))).toBeUndefined()
  })

  test('what does not exist is said with the nearest name', () => {
    expect(() => catalog.useCatalog('default_catalo')).toThrow(
      expect.objectContaining({
        code: 'MR_CATALOG_UNKNOWN_CATALOG',
        details: { nearest: 'default_catalog' },
      }),
    )
    expect(() => catalog.useDatabase(['nope'])).toThrow("database 'default_catalog.nope' does not exist")
    expect(() => catalog.create({ ...table('t'), path: ['default_catalog', 'nope', 't'] })).toThrow(
      'does not exist',
    )
  })

  test('the current catalog cannot be dropped; another takes its temporary objects along', () => {
    expect(() => catalog.dropCatalog('default_catalog')).toThrow('is the current one')
    catalog.addCatalog(new MemoryCatalog('second', ['main']))
    expect(() => catalog.addCatalog(new MemoryCatalog('second'))).toThrow('already exists')
    const temporary: CatalogTable = { ...table('t', true), path: ['second', 'main', 't'] }
    catalog.create(temporary)
    catalog.dropCatalog('second')
    expect(catalog.findTemporary(temporary.path)).toBeUndefined()
  })
})
