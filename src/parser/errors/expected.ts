import type { TokenType } from 'chevrotain'
import { k, t } from '../tokens.ts'

const symbolNames = new Map<TokenType, string>([
  [t.LeftParen, "'('"],
  [t.RightParen, "')'"],
  [t.LeftBracket, "'['"],
  [t.RightBracket, "']'"],
  [t.LeftBrace, "'{'"],
  [t.RightBrace, "'}'"],
  [t.Comma, "','"],
  [t.Dot, "'.'"],
  [t.Semicolon, "';'"],
  [t.Colon, "':'"],
  [t.Question, "'?'"],
  [t.Plus, "'+'"],
  [t.Minus, "'-'"],
  [t.Star, "'*'"],
  [t.Equals, "'='"],
  [t.NotEquals, "'<>'"],
  [t.Less, "'<'"],
  [t.Greater, "'>'"],
  [t.Arrow, "'=>'"],
  [t.HintStart, "'/*+'"],
  [t.HintEnd, "'*/'"],
  [t.String, 'a string'],
  [t.Integer, 'a whole number'],
  [t.Decimal, 'a number'],
  [t.Double, 'a number'],
  [t.Binary, 'a binary string'],
  [t.End, 'the end'],
])

interface Group {
  /** All of these expected at once mean the group. */
  readonly signature: readonly TokenType[]
  readonly members: readonly TokenType[]
  readonly words: readonly string[]
}

const literalStarts = [t.Integer, t.Decimal, t.Double, t.String, t.Binary, k.TRUE, k.FALSE, k.UNKNOWN, k.NULL]
const operators = [
  ...[
    t.Dot,
    t.LeftBracket,
    t.Star,
    t.Slash,
    t.Percent,
    t.Concat,
    t.Plus,
    t.Minus,
    t.Equals,
    t.NotEquals,
    t.Less,
  ],
  ...[
    t.LessOrEqual,
    t.Greater,
    t.GreaterOrEqual,
    k.OVERLAPS,
    k.NOT,
    k.BETWEEN,
    k.IN,
    k.LIKE,
    k.SIMILAR,
    k.IS,
  ],
  ...[k.AND, k.OR],
]

/** Sets that say more as one phrase. Order matters: a statement's start contains a query's. */
const groups: readonly Group[] = [
  {
    signature: [k.CREATE, k.INSERT, k.SHOW, k.SELECT],
    members: [
      ...[
        k.RESET,
        k.REPLACE,
        k.WITH,
        k.VALUES,
        t.LeftParen,
        k.EXECUTE,
        k.BEGIN,
        k.DESCRIBE,
        k.DESC,
        k.USE,
        k.COMPILE,
      ],
      ...[
        k.STOP,
        k.CALL,
        k.ALTER,
        k.CREATE,
        k.DROP,
        k.EXPLAIN,
        k.INSERT,
        k.SELECT,
        k.SET,
        k.SHOW,
        t.Semicolon,
      ],
    ],
    words: ['SELECT', 'INSERT', 'CREATE', 'ALTER', 'DROP', 'SET', 'EXPLAIN', 'SHOW'],
  },
  {
    signature: [k.CASE, k.CAST, k.INTERVAL, t.LeftParen],
    members: [
      ...[k.NOT, t.Plus, t.Minus, ...literalStarts, k.DATE, k.TIME, k.TIMESTAMP, k.TIMESTAMP_LTZ, k.INTERVAL],
      ...[
        t.LeftParen,
        k.CASE,
        k.CAST,
        k.TRY_CAST,
        k.EXISTS,
        k.ROW,
        k.ARRAY,
        k.MULTISET,
        k.MAP,
        k.JSON_EXISTS,
      ],
      ...[
        k.JSON_VALUE,
        k.JSON_QUERY,
        k.JSON_OBJECT,
        k.JSON_ARRAY,
        k.JSON_OBJECTAGG,
        k.JSON_ARRAYAGG,
        k.EXTRACT,
      ],
      ...[
        k.FLOOR,
        k.CEIL,
        k.CEILING,
        k.TIMESTAMPADD,
        k.TIMESTAMPDIFF,
        k.TRIM,
        k.SUBSTRING,
        k.POSITION,
        k.OVERLAY,
      ],
      ...[t.NiladicFunction, t.FunctionName, t.Identifier],
    ],
    words: ['an expression'],
  },
  {
    signature: [k.BIGINT, k.BOOLEAN, k.VARCHAR],
    members: [
      ...[
        k.BOOLEAN,
        k.TINYINT,
        k.SMALLINT,
        k.INT,
        k.INTEGER,
        k.BIGINT,
        k.FLOAT,
        k.DOUBLE,
        k.DATE,
        k.VARIANT,
        k.BITMAP,
      ],
      ...[k.NULL, k.CHAR, k.CHARACTER, k.VARCHAR, k.STRING, k.BINARY, k.VARBINARY, k.BYTES, k.DECIMAL, k.DEC],
      ...[k.NUMERIC, k.TIME, k.TIMESTAMP, k.TIMESTAMP_LTZ, k.INTERVAL, k.MAP, k.ARRAY, k.MULTISET, k.ROW],
      ...[k.STRUCTURED, k.RAW, t.Identifier],
    ],
    words: ['a type'],
  },
  { signature: [t.Star, t.Concat, t.Plus], members: operators, words: ['an operator'] },
  {
    signature: [k.JOIN, k.CROSS, k.NATURAL],
    members: [k.JOIN, k.CROSS, k.NATURAL, k.INNER, k.LEFT, k.RIGHT, k.FULL],
    words: ['JOIN'],
  },
  {
    signature: [k.UNION, k.EXCEPT],
    members: [k.UNION, k.EXCEPT, k.INTERSECT],
    words: ['UNION'],
  },
  {
    signature: [k.LIMIT, k.OFFSET, k.FETCH],
    members: [k.LIMIT, k.OFFSET, k.FETCH],
    words: ['LIMIT'],
  },
  {
    signature: [k.YEAR, k.MONTH, k.DAY, k.SECOND],
    members: [
      ...[
        k.YEAR,
        k.YEARS,
        k.QUARTER,
        k.QUARTERS,
        k.MONTH,
        k.MONTHS,
        k.WEEK,
        k.WEEKS,
        k.DAY,
        k.DAYS,
        k.HOUR,
        k.HOURS,
      ],
      ...[k.MINUTE, k.MINUTES, k.SECOND, k.SECONDS, t.Identifier],
    ],
    words: ['a time unit'],
  },
  {
    signature: [k.PARTITION, k.ORDER, t.RightParen, k.ROWS],
    members: [k.ROWS, k.RANGE],
    words: ['ROWS', 'RANGE'],
  },
]

/** What is possible almost anywhere tells nobody anything: last. */
const minor = new Set<TokenType>([t.Dot, t.HintStart, k.NOT, k.NULL, k.ARRAY, k.MULTISET])
const leading = new Set(['an expression', 'a type', 'a time unit'])
const alwaysImplied = new Set<TokenType>([t.FunctionName, t.NiladicFunction])
const maxWords = 8

/** What was expected, in a person's words, at most eight; `nameKind` says what an identifier would be here. */
export function expectedWords(expected: ReadonlySet<TokenType>, nameKind: string): readonly string[] {
  const left = new Set(expected)
  const phrases: string[] = []
  for (const { signature, members, words } of groups) {
    if (!signature.every(type => left.has(type))) continue
    for (const type of members) left.delete(type)
    phrases.push(...words)
  }
  const word = (type: TokenType) => (type === t.Identifier ? nameKind : (symbolNames.get(type) ?? type.name))
  const isMainName = (type: TokenType) =>
    type === t.Identifier && nameKind.endsWith(' name') && nameKind !== 'a name'
  const named = [...left].filter(type => !alwaysImplied.has(type))
  const single = [...named.filter(isMainName), ...named.filter(type => !isMainName(type))]
  const words = [
    ...phrases.filter(phrase => leading.has(phrase)),
    ...single.filter(type => !minor.has(type)).map(word),
    ...phrases.filter(phrase => !leading.has(phrase)),
    ...single.filter(type => minor.has(type)).map(word),
  ]
  return [...new Set(words)].slice(0, maxWords)
}

const keywordTypes = new Set<TokenType>(Object.values(k))

/** The keywords among the expected tokens: what a misspelt word may have meant. */
export function expectedKeywords(expected: ReadonlySet<TokenType>): readonly string[] {
  return [...expected].filter(type => keywordTypes.has(type)).map(type => type.name)
}
