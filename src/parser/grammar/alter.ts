import type { IToken } from 'chevrotain'
import type {
  AlteredColumn,
  AlteredElements,
  AlterMaterializedTable,
  AlterOptionsAction,
  AlterTableAction,
  AlterView,
  Distribution,
  PartitionEntry,
  PartitionSpec,
  PrimaryKeyDefinition,
  Property,
  QualifiedName,
  Statement,
  StringLiteral,
  WatermarkDefinition,
} from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules } from './rules.ts'

export function defineAlterRules(p: Grammar, r: Rules): void {
  r.alterStatement = p.rule('alterStatement', () => {
    const start = p.mark()
    p.take(k.ALTER)
    return p.alt<Statement>(0, [
      { ALT: () => alterTable(p, r, start) },
      { ALT: () => alterMaterializedTable(p, r, start) },
      { ALT: () => alterView(p, r, start) },
      { ALT: () => alterCatalog(p, r, start) },
      { ALT: () => alterDatabase(p, r, start) },
      { ALT: () => alterFunction(p, r, start) },
    ])
  })

  r.alterTableAction = p.rule('alterTableAction', () =>
    p.alt<AlterTableAction>(0, [
      { ALT: () => rename(p, r) },
      { ALT: () => add(p, r) },
      {
        ALT: () => {
          p.take(k.MODIFY)
          return { kind: 'Modify', ...p.sub(r.alteredElements) }
        },
      },
      { ALT: () => drop(p, r) },
      { ALT: () => setOptions(p, r) },
      { ALT: () => resetOptions(p, r, 80) },
    ]),
  )

  r.alterOptions = p.rule('alterOptions', () =>
    p.alt<AlterOptionsAction>(0, [
      { ALT: () => setOptions(p, r) },
      { ALT: () => resetOptions(p, r, 10) },
      {
        ALT: () => {
          p.take(k.COMMENT)
          return { kind: 'SetComment', comment: p.sub(r.string) }
        },
      },
    ]),
  )

  r.alteredElements = p.rule('alteredElements', () => {
    const columns: AlteredColumn[] = []
    const watermarks: WatermarkDefinition[] = []
    const primaryKeys: PrimaryKeyDefinition[] = []
    let distribution: Distribution | undefined
    const element = (index: number) => {
      p.alt<void>(index, [
        { ALT: () => void watermarks.push(p.sub(r.watermark)) },
        { ALT: () => void primaryKeys.push(p.sub(r.primaryKey)) },
        {
          ALT: () => {
            distribution = p.sub(r.distribution)
          },
        },
        { ALT: () => alteredColumn(p, r, index, columns, primaryKeys) },
      ])
    }
    p.alt<void>(0, [
      {
        ALT: () => {
          p.take(t.LeftParen)
          p.list(1, () => element(10))
          p.take(t.RightParen)
        },
      },
      { ALT: () => element(20) },
    ])
    return { columns, watermarks, primaryKeys, distribution } as AlteredElements
  })

  r.partitionEntries = p.rule('partitionEntries', () =>
    p.parenthesized(0, (): PartitionEntry => {
      const column = p.name()
      const value = p.opt(1, () => {
        p.take(t.Equals)
        return p.sub(r.literal)
      })
      return { column, value }
    }),
  )

  r.partitionSpecs = p.rule('partitionSpecs', () => {
    const specs: PartitionSpec[] = []
    p.atLeastOnce(0, () => {
      const start = p.mark()
      p.take(k.PARTITION)
      const entries = p.sub(r.partitionEntries)
      const options = p.opt(1, () => {
        p.take(k.WITH)
        return p.sub(r.properties)
      })
      specs.push({ kind: 'PartitionSpec', entries, options: options ?? [], position: p.span(start) })
      p.has(2, t.Comma)
    })
    return specs
  })
}

function alteredColumn(
  p: Grammar,
  r: Rules,
  index: number,
  columns: AlteredColumn[],
  primaryKeys: PrimaryKeyDefinition[],
): void {
  const start = p.mark()
  const { definition, primaryKey } = p.sub(r.columnDefinition)
  const place = p.opt(index + 1, () =>
    p.alt<NonNullable<AlteredColumn['place']>>(index + 1, [
      {
        ALT: () => {
          p.take(k.FIRST)
          return { kind: 'First' }
        },
      },
      {
        ALT: () => {
          p.take(k.AFTER)
          return { kind: 'After', column: p.name() }
        },
      },
    ]),
  )
  columns.push({ kind: 'AlteredColumn', definition, place, position: p.span(start) })
  if (primaryKey !== undefined) primaryKeys.push(primaryKey)
}

function rename(p: Grammar, r: Rules): AlterTableAction {
  p.take(k.RENAME)
  return p.alt<AlterTableAction>(10, [
    {
      ALT: () => {
        p.take(k.TO)
        return { kind: 'RenameTable', to: p.sub(r.qualifiedName) }
      },
    },
    {
      ALT: () => {
        const from = p.sub(r.qualifiedName)
        p.take(k.TO)
        return { kind: 'RenameColumn', from, to: p.name() }
      },
    },
  ])
}

function add(p: Grammar, r: Rules): AlterTableAction {
  p.take(k.ADD)
  return p.alt<AlterTableAction>(20, [
    {
      ALT: () => {
        const ifNotExists = p.sub(r.ifNotExists)
        return { kind: 'AddPartitions', ifNotExists, partitions: p.sub(r.partitionSpecs) }
      },
      GATE: () => p.isAt(1, k.PARTITION) || p.ahead(k.IF, k.NOT),
    },
    { ALT: () => ({ kind: 'Add', ...p.sub(r.alteredElements) }) },
  ])
}

function drop(p: Grammar, r: Rules): AlterTableAction {
  p.take(k.DROP)
  return p.alt<AlterTableAction>(30, [
    {
      ALT: () => {
        p.words(k.PRIMARY, k.KEY)
        return { kind: 'DropPrimaryKey' }
      },
    },
    {
      ALT: () => {
        p.take(k.CONSTRAINT)
        return { kind: 'DropConstraint', name: p.name() }
      },
    },
    {
      ALT: () => {
        p.take(k.WATERMARK)
        return { kind: 'DropWatermark' }
      },
    },
    {
      ALT: () => {
        p.take(k.DISTRIBUTION)
        return { kind: 'DropDistribution' }
      },
    },
    {
      ALT: () => {
        const ifExists = p.sub(r.ifExists)
        return { kind: 'DropPartitions', ifExists, partitions: p.sub(r.partitionSpecs) }
      },
      GATE: () => p.isAt(1, k.PARTITION) || p.ahead(k.IF, k.EXISTS),
    },
    {
      ALT: () => {
        const columns = p.parenthesized(31, () => p.sub(r.qualifiedName))
        return { kind: 'DropColumns', columns }
      },
    },
    { ALT: () => ({ kind: 'DropColumns', columns: [p.sub(r.qualifiedName)] }) },
  ])
}

function setOptions(p: Grammar, r: Rules): { kind: 'SetOptions'; options: readonly Property[] } {
  p.take(k.SET)
  return { kind: 'SetOptions', options: p.sub(r.properties) }
}

function resetOptions(
  p: Grammar,
  r: Rules,
  index: number,
): { kind: 'ResetOptions'; keys: readonly StringLiteral[] } {
  const word = p.take(k.RESET)
  const keys: StringLiteral[] = []
  p.take(t.LeftParen)
  p.opt(index, () => {
    p.list(index + 1, () => keys.push(p.sub(r.string)))
  })
  p.take(t.RightParen)
  p.act(() => {
    if (keys.length === 0) p.refuse('MR_PARSE_RESET', 'RESET needs at least one key', word)
  })
  return { kind: 'ResetOptions', keys }
}

function alterTable(p: Grammar, r: Rules, start: IToken): Statement {
  p.take(k.TABLE)
  const ifExists = p.sub(r.ifExists)
  const name = p.sub(r.qualifiedName)
  const action = p.sub(r.alterTableAction)
  return { kind: 'AlterTable', name, ifExists, action, position: p.span(start) }
}

function alterMaterializedTable(p: Grammar, r: Rules, start: IToken): Statement {
  p.words(k.MATERIALIZED, k.TABLE)
  const name = p.sub(r.qualifiedName)
  const action = p.alt<AlterMaterializedTable['action']>(40, [
    {
      ALT: () => {
        p.take(k.SUSPEND)
        return { kind: 'Suspend' }
      },
    },
    {
      ALT: () => {
        p.take(k.RESUME)
        const options = p.opt(40, () => {
          p.take(k.WITH)
          return p.sub(r.properties)
        })
        return { kind: 'Resume', options: options ?? [] }
      },
    },
    {
      ALT: () => {
        p.take(k.REFRESH)
        const partition = p.opt(41, () => {
          p.take(k.PARTITION)
          return p.sub(r.partitionEntries)
        })
        return { kind: 'Refresh', partition: partition ?? [] }
      },
    },
    {
      ALT: () => {
        p.take(k.AS)
        return { kind: 'AsQuery', query: p.sub(r.query) }
      },
    },
  ])
  return { kind: 'AlterMaterializedTable', name, action, position: p.span(start) }
}

function alterView(p: Grammar, r: Rules, start: IToken): Statement {
  p.take(k.VIEW)
  const name = p.sub(r.qualifiedName)
  const action = p.alt<AlterView['action']>(50, [
    {
      ALT: () => {
        p.words(k.RENAME, k.TO)
        return { kind: 'RenameView', to: p.sub(r.qualifiedName) }
      },
    },
    {
      ALT: () => {
        p.take(k.AS)
        return { kind: 'AsQuery', query: p.sub(r.query) }
      },
    },
  ])
  return { kind: 'AlterView', name, action, position: p.span(start) }
}

function alterCatalog(p: Grammar, r: Rules, start: IToken): Statement {
  p.take(k.CATALOG)
  const name = p.name()
  const action = p.sub(r.alterOptions)
  return { kind: 'AlterCatalog', name, action, position: p.span(start) }
}

function alterDatabase(p: Grammar, r: Rules, start: IToken): Statement {
  p.take(k.DATABASE)
  const name: QualifiedName = p.sub(r.qualifiedName)
  const action = p.sub(r.alterOptions)
  return { kind: 'AlterDatabase', name, action, position: p.span(start) }
}

function alterFunction(p: Grammar, r: Rules, start: IToken): Statement {
  const temporary = p.has(60, k.TEMPORARY)
  const system = p.has(61, k.SYSTEM)
  p.take(k.FUNCTION)
  const ifExists = p.sub(r.ifExists)
  const name = p.sub(r.qualifiedName)
  p.take(k.AS)
  const identifier = p.sub(r.string)
  const language = p.opt(62, () => p.sub(r.functionLanguage))
  return {
    kind: 'AlterFunction',
    name,
    temporary,
    system,
    ifExists,
    identifier,
    language,
    position: p.span(start),
  }
}
