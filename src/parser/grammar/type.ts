import type { IToken } from 'chevrotain'
import type { IntervalUnit, SimpleTypeWord, TypeField, TypeName } from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules } from './rules.ts'

/** Type names: `DECIMAL(10, 2) NOT NULL`, `ROW<a INT 'comment', b STRING>`, `INT ARRAY`, `TIMESTAMP(3) WITH LOCAL TIME ZONE`. */
export function defineTypeRules(p: Grammar, r: Rules): void {
  r.typeName = p.rule('typeName', () => {
    const start = p.mark()
    let type = withNullability(p.sub(r.baseType), nullability(p, 0), p, start)
    p.rep(2, () => {
      const kind = p.oneOf(3, [
        [k.ARRAY, 'ArrayType' as const],
        [k.MULTISET, 'MultisetType' as const],
      ])
      const element = type
      type = { kind, element, nullable: true, position: p.span(start) }
      type = withNullability(type, nullability(p, 4), p, start)
    })
    return type
  })

  r.baseType = p.rule('baseType', () => {
    const start = p.mark()
    const end = () => ({ nullable: true, position: p.span(start) })
    return p.alt<TypeName>(0, [
      ...simpleTypes.map(([word, name]) => ({
        ALT: (): TypeName => {
          p.take(word)
          if (name === 'DOUBLE') p.has(1, k.PRECISION)
          return { kind: 'SimpleType', name, ...end() }
        },
      })),
      { ALT: () => characterType(p, r, end) },
      { ALT: () => binaryType(p, r, end) },
      { ALT: () => decimalType(p, r, end) },
      { ALT: () => timeType(p, r, end) },
      { ALT: () => timestampType(p, r, end) },
      {
        ALT: () => {
          p.take(k.INTERVAL)
          return { kind: 'IntervalType', qualifier: p.sub(r.intervalQualifier), ...end() }
        },
      },
      { ALT: () => collectionType(p, r, end) },
      {
        ALT: () => {
          p.take(k.ROW)
          return { kind: 'RowType', fields: p.sub(r.typeFields), ...end() }
        },
      },
      { ALT: () => structuredType(p, r, end) },
      { ALT: () => rawType(p, r, end) },
      { ALT: () => ({ kind: 'NamedType', name: p.sub(r.qualifiedName), ...end() }) },
    ])
  })

  r.typeFields = p.rule('typeFields', () =>
    p.alt<readonly TypeField[]>(0, [
      {
        ALT: () => {
          p.take(t.LeftParen)
          const fields: TypeField[] = []
          p.opt(1, () => {
            p.list(1, () => fields.push(typeField(p, r, 2)))
          })
          p.take(t.RightParen)
          return fields
        },
      },
      {
        ALT: () => {
          p.take(t.NotEquals)
          return []
        },
      },
      {
        ALT: () => {
          p.take(t.Less)
          const fields: TypeField[] = []
          p.opt(3, () => {
            p.list(3, () => fields.push(typeField(p, r, 4)))
          })
          p.take(t.Greater)
          return fields
        },
      },
    ]),
  )

  r.intervalQualifier = p.rule('intervalQualifier', () => {
    const start = p.mark()
    const unit = p.oneOf(0, intervalUnitWords)
    let precision: number | undefined
    let fractionalPrecision: number | undefined
    p.opt(1, () => {
      p.take(t.LeftParen)
      precision = p.sub(r.unsignedInteger)
      p.opt(2, () => {
        p.take(t.Comma)
        fractionalPrecision = p.sub(r.unsignedInteger)
      })
      p.take(t.RightParen)
    })
    const last = p.opt(3, () => {
      p.take(k.TO)
      const unit = p.oneOf(4, intervalUnitWords)
      p.opt(5, () => {
        p.take(t.LeftParen)
        fractionalPrecision = p.sub(r.unsignedInteger)
        p.take(t.RightParen)
      })
      return unit
    })
    return {
      kind: 'IntervalQualifier',
      start: unit,
      end: last,
      precision,
      fractionalPrecision,
      position: p.span(start),
    }
  })
}

const simpleTypes: readonly (readonly [(typeof k)[keyof typeof k], SimpleTypeWord])[] = [
  [k.BOOLEAN, 'BOOLEAN'],
  [k.TINYINT, 'TINYINT'],
  [k.SMALLINT, 'SMALLINT'],
  [k.INT, 'INT'],
  [k.INTEGER, 'INT'],
  [k.BIGINT, 'BIGINT'],
  [k.FLOAT, 'FLOAT'],
  [k.DOUBLE, 'DOUBLE'],
  [k.DATE, 'DATE'],
  [k.VARIANT, 'VARIANT'],
  [k.BITMAP, 'BITMAP'],
  [k.NULL, 'NULL'],
]

export const intervalUnitWords: readonly (readonly [(typeof k)[keyof typeof k], IntervalUnit])[] = [
  [k.YEAR, 'YEAR'],
  [k.YEARS, 'YEAR'],
  [k.QUARTER, 'QUARTER'],
  [k.QUARTERS, 'QUARTER'],
  [k.MONTH, 'MONTH'],
  [k.MONTHS, 'MONTH'],
  [k.WEEK, 'WEEK'],
  [k.WEEKS, 'WEEK'],
  [k.DAY, 'DAY'],
  [k.DAYS, 'DAY'],
  [k.HOUR, 'HOUR'],
  [k.HOURS, 'HOUR'],
  [k.MINUTE, 'MINUTE'],
  [k.MINUTES, 'MINUTE'],
  [k.SECOND, 'SECOND'],
  [k.SECONDS, 'SECOND'],
]

type End = () => Pick<TypeName, 'nullable' | 'position'>

/** NOT NULL → false, NULL → true, neither → undefined. */
function nullability(p: Grammar, index: number): boolean | undefined {
  return p.opt(
    index,
    () =>
      p.alt(index + 5, [
        {
          ALT: () => {
            p.words(k.NOT, k.NULL)
            return false
          },
        },
        {
          ALT: () => {
            p.take(k.NULL)
            return true
          },
        },
      ]),
    // `RETURNING INT NULL ON EMPTY` of JSON_VALUE is not a nullable INT.
    () => !p.ahead(k.NULL, k.ON),
  )
}

function withNullability(type: TypeName, nullable: boolean | undefined, p: Grammar, start: IToken): TypeName {
  return nullable === false ? { ...type, nullable, position: p.span(start) } : type
}

function length(p: Grammar, r: Rules, index: number): number | undefined {
  return p.opt(index, () => {
    p.take(t.LeftParen)
    const value = p.sub(r.unsignedInteger)
    p.take(t.RightParen)
    return value
  })
}

function characterType(p: Grammar, r: Rules, end: End): TypeName {
  const name = p.alt<'CHAR' | 'VARCHAR' | 'STRING'>(10, [
    {
      ALT: () => {
        p.oneOf(11, [
          [k.CHAR, 0],
          [k.CHARACTER, 0],
        ])
        return p.has(12, k.VARYING) ? 'VARCHAR' : 'CHAR'
      },
    },
    { ALT: () => p.oneOf(13, [[k.VARCHAR, 'VARCHAR' as const]]) },
    { ALT: () => p.oneOf(14, [[k.STRING, 'STRING' as const]]) },
  ])
  const size = p.opt(
    15,
    () => {
      p.take(t.LeftParen)
      const value = p.sub(r.unsignedInteger)
      p.take(t.RightParen)
      return value
    },
    () => name !== 'STRING',
  )
  return { kind: 'CharacterType', name, length: size, ...end() }
}

function binaryType(p: Grammar, r: Rules, end: End): TypeName {
  const name = p.oneOf(20, [
    [k.BINARY, 'BINARY' as const],
    [k.VARBINARY, 'VARBINARY' as const],
    [k.BYTES, 'BYTES' as const],
  ])
  const varying = p.has(21, k.VARYING)
  const size = p.opt(
    22,
    () => {
      p.take(t.LeftParen)
      const value = p.sub(r.unsignedInteger)
      p.take(t.RightParen)
      return value
    },
    () => name !== 'BYTES',
  )
  return { kind: 'BinaryType', name: varying ? 'VARBINARY' : name, length: size, ...end() }
}

function decimalType(p: Grammar, r: Rules, end: End): TypeName {
  p.oneOf(30, [
    [k.DECIMAL, 0],
    [k.DEC, 0],
    [k.NUMERIC, 0],
  ])
  let precision: number | undefined
  let scale: number | undefined
  p.opt(31, () => {
    p.take(t.LeftParen)
    precision = p.sub(r.unsignedInteger)
    p.opt(32, () => {
      p.take(t.Comma)
      scale = p.sub(r.unsignedInteger)
    })
    p.take(t.RightParen)
  })
  return { kind: 'DecimalType', precision, scale, ...end() }
}

function timeType(p: Grammar, r: Rules, end: End): TypeName {
  p.take(k.TIME)
  const precision = length(p, r, 40)
  p.opt(41, () => p.words(k.WITHOUT, k.TIME, k.ZONE))
  return { kind: 'TimeType', precision, ...end() }
}

function timestampType(p: Grammar, r: Rules, end: End): TypeName {
  return p.alt<TypeName>(50, [
    {
      ALT: () => {
        p.take(k.TIMESTAMP_LTZ)
        return { kind: 'TimestampType', precision: length(p, r, 51), zone: 'local', ...end() }
      },
    },
    {
      ALT: () => {
        p.take(k.TIMESTAMP)
        const precision = length(p, r, 52)
        const zone = p.opt(53, () =>
          p.alt<'with' | 'local' | 'without'>(54, [
            {
              ALT: () => {
                p.words(k.WITHOUT, k.TIME, k.ZONE)
                return 'without'
              },
            },
            {
              ALT: () => {
                p.take(k.WITH)
                const local = p.has(55, k.LOCAL)
                p.words(k.TIME, k.ZONE)
                return local ? 'local' : 'with'
              },
            },
          ]),
        )
        return { kind: 'TimestampType', precision, zone: zone ?? 'without', ...end() }
      },
    },
  ])
}

function collectionType(p: Grammar, r: Rules, end: End): TypeName {
  return p.alt<TypeName>(60, [
    {
      ALT: () => {
        p.take(k.MAP)
        p.take(t.Less)
        const key = p.sub(r.typeName)
        p.take(t.Comma)
        const value = p.sub(r.typeName)
        p.take(t.Greater)
        return { kind: 'MapType', key, value, ...end() }
      },
      GATE: () => p.isAt(2, t.Less),
    },
    {
      ALT: () => {
        const kind = p.oneOf(61, [
          [k.ARRAY, 'ArrayType' as const],
          [k.MULTISET, 'MultisetType' as const],
        ])
        p.take(t.Less)
        const element = p.sub(r.typeName)
        p.take(t.Greater)
        return { kind, element, ...end() }
      },
    },
  ])
}

function structuredType(p: Grammar, r: Rules, end: End): TypeName {
  p.take(k.STRUCTURED)
  p.take(t.Less)
  const className = p.sub(r.string)
  const fields: TypeField[] = []
  p.rep(70, () => {
    p.take(t.Comma)
    fields.push(typeField(p, r, 71))
  })
  p.take(t.Greater)
  return { kind: 'StructuredType', className, fields, ...end() }
}

function rawType(p: Grammar, r: Rules, end: End): TypeName {
  p.take(k.RAW)
  p.take(t.LeftParen)
  const className = p.sub(r.string)
  p.take(t.Comma)
  const serializer = p.sub(r.string)
  p.take(t.RightParen)
  return { kind: 'RawType', className, serializer, ...end() }
}

function typeField(p: Grammar, r: Rules, index: number): TypeField {
  const start = p.mark()
  const name = p.name()
  const type = p.sub(r.typeName)
  const comment = p.opt(index, () => p.sub(r.string))
  return { kind: 'TypeField', name, type, comment, position: p.span(start) }
}
