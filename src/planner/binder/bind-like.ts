import type { CatalogTable, TableColumn, TableSchema } from '../../catalog/index.ts'
import type { LikeClause, LikeOption } from '../../parser/index.ts'
import { at, bindError } from './bind-error.ts'
import type { Environment } from './environment.ts'

type Strategy = LikeOption['strategy']
type Feature = Exclude<LikeOption['feature'], 'ALL'>

/** What a LIKE clause brings into a new table. */
export interface LikeParts {
  readonly columns: readonly TableColumn[]
  readonly watermark: TableSchema['watermark']
  readonly primaryKey: TableSchema['primaryKey']
  readonly options: Readonly<Record<string, string>>
  readonly partitionedBy: readonly string[]
  /** Whether the new table may declare again what it inherits. */
  readonly mayOverwrite: Readonly<Record<'GENERATED' | 'METADATA' | 'OPTIONS' | 'WATERMARKS', boolean>>
}

const overwritable: ReadonlySet<string> = new Set(['GENERATED', 'METADATA', 'OPTIONS', 'WATERMARKS'])

/** Flink's rules: without a list include all and overwrite options; physical columns are always taken. */
export function bindLike(like: LikeClause, environment: Environment): LikeParts {
  const source = sourceTable(like, environment)
  const strategyOf = strategies(like)
  const takes = (feature: Feature) => strategyOf(feature) !== 'EXCLUDING'
  const { schema } = source
  return {
    columns: schema.columns.filter(
      c => c.kind === 'physical' || takes(c.kind === 'computed' ? 'GENERATED' : 'METADATA'),
    ),
    watermark: takes('WATERMARKS') ? schema.watermark : undefined,
    primaryKey: takes('CONSTRAINTS') ? schema.primaryKey : undefined,
    options: takes('OPTIONS') ? source.options : {},
    partitionedBy: takes('PARTITIONS') ? source.partitionedBy : [],
    mayOverwrite: {
      GENERATED: strategyOf('GENERATED') === 'OVERWRITING',
      METADATA: strategyOf('METADATA') === 'OVERWRITING',
      OPTIONS: strategyOf('OPTIONS') === 'OVERWRITING',
      WATERMARKS: strategyOf('WATERMARKS') === 'OVERWRITING',
    },
  }
}

function sourceTable(like: LikeClause, environment: Environment): CatalogTable {
  const position = like.source[0].position
  const object = at(position, () => {
    const names = like.source.map(part => part.name)
    return environment.catalog.get(environment.catalog.resolvePath(names, environment.database))
  })
  if (object.kind === 'table') return object
  throw bindError('MR_BIND_LIKE', `'${object.path[2]}' is a view: LIKE takes tables only`, position)
}

function strategies(like: LikeClause): (feature: Feature) => Strategy {
  const given = new Map<LikeOption['feature'], Strategy>()
  for (const option of like.options) {
    if (given.has(option.feature)) {
      throw bindError('MR_BIND_LIKE', `LIKE names ${option.feature} twice`, option.position)
    }
    if (option.strategy === 'OVERWRITING' && !overwritable.has(option.feature)) {
      throw bindError('MR_BIND_LIKE', `OVERWRITING ${option.feature} does not exist`, option.position, {
        expected: [`INCLUDING ${option.feature}`, `EXCLUDING ${option.feature}`],
      })
    }
    given.set(option.feature, option.strategy)
  }
  const all = given.get('ALL')
  return feature => given.get(feature) ?? all ?? (feature === 'OPTIONS' ? 'OVERWRITING' : 'INCLUDING')
}
