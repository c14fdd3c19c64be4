import { MemoryCatalog } from '../../catalog/index.ts'
import { validationError } from '../../errors/index.ts'
import type {
  CreateCatalog,
  CreateDatabase,
  DropCatalog,
  DropDatabase,
  UseCatalog,
  UseDatabase,
} from '../../parser/index.ts'
import type { StatementResult } from '../statement-result.ts'
import { namesOf } from './create-drop.ts'
import type { ExecutionContext } from './execution-context.ts'

const done: StatementResult = { kind: 'done' }
const IN_MEMORY = 'generic_in_memory'

export function createCatalog(statement: CreateCatalog, { session }: ExecutionContext): StatementResult {
  const { name } = statement.name
  if (statement.ifNotExists && session.catalog.findCatalog(name) !== undefined) return done
  const type = statement.options.find(option => option.key.value === 'type')
  if (type !== undefined && type.value.value !== IN_MEMORY) {
    throw validationError(
      'MR_CATALOG_UNKNOWN_TYPE',
      `catalogs of type '${type.value.value}' are not supported`,
      {
        position: type.value.position,
        expected: [IN_MEMORY],
      },
    )
  }
  session.catalog.addCatalog(new MemoryCatalog(name))
  return done
}

export function dropCatalog(statement: DropCatalog, { session }: ExecutionContext): StatementResult {
  const { name } = statement.name
  if (statement.ifExists && session.catalog.findCatalog(name) === undefined) return done
  session.catalog.dropCatalog(name)
  return done
}

const optionsOf = (properties: CreateDatabase['options']) =>
  Object.fromEntries(properties.map(({ key, value }) => [key.value, value.value]))

export function createDatabase(statement: CreateDatabase, { session }: ExecutionContext): StatementResult {
  const names = namesOf(statement.name)
  const catalogName = names.length === 2 ? names[0]! : session.catalog.currentCatalog
  const existing = session.catalog.findCatalog(catalogName)?.findDatabase(names.at(-1)!)
  if (statement.ifNotExists && existing !== undefined) return done
  const comment = statement.comment?.value
  session.catalog.createDatabase(names, {
    options: optionsOf(statement.options),
    ...(comment === undefined ? {} : { comment }),
  })
  return done
}

export function dropDatabase(statement: DropDatabase, { session }: ExecutionContext): StatementResult {
  const names = namesOf(statement.name)
  const catalogName = names.length === 2 ? names[0]! : session.catalog.currentCatalog
  const catalog = session.catalog.findCatalog(catalogName)
  if (statement.ifExists && catalog?.findDatabase(names.at(-1)!) === undefined) return done
  const [inCatalog, name] = session.catalog.resolveDatabase(names)
  if (inCatalog === session.catalog.currentCatalog && name === session.catalog.currentDatabase) {
    throw validationError('MR_CATALOG_IN_USE', `database '${name}' is the current one`, {
      hint: 'USE another one first',
    })
  }
  session.catalog.getCatalog(inCatalog).dropDatabase(name, statement.cascade)
  return done
}

export function useCatalog(statement: UseCatalog, { session }: ExecutionContext): StatementResult {
  session.catalog.useCatalog(statement.name.name)
  return done
}

export function useDatabase(statement: UseDatabase, { session }: ExecutionContext): StatementResult {
  session.catalog.useDatabase(namesOf(statement.name))
  return done
}
