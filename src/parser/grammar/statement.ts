import type { Statement } from '../ast/index.ts'
import { t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules } from './rules.ts'

/** The entry rules: a script, one statement, one expression, one type. */
export function defineStatementRules(p: Grammar, r: Rules): void {
  r.statement = p.rule('statement', () => {
    return p.alt<Statement>(0, [
      { ALT: () => p.sub(r.createStatement) },
      { ALT: () => p.sub(r.replaceTable) },
      { ALT: () => p.sub(r.insert) },
      { ALT: () => p.sub(r.query) },
      { ALT: () => p.sub(r.set) },
      { ALT: () => p.sub(r.reset) },
      { ALT: () => p.sub(r.executeStatement) },
      { ALT: () => p.sub(r.beginStatementSet) },
      { ALT: () => p.sub(r.explain) },
      { ALT: () => p.sub(r.show) },
      { ALT: () => p.sub(r.describe) },
      { ALT: () => p.sub(r.use) },
      { ALT: () => p.sub(r.dropStatement) },
      { ALT: () => p.sub(r.alterStatement) },
      { ALT: () => p.sub(r.compilePlan) },
      { ALT: () => p.sub(r.stopJob) },
      { ALT: () => p.sub(r.call) },
    ])
  })

  const isSupported = () => {
    refuseUnsupported(p)
    return true
  }

  r.script = p.rule('script', () => {
    const statements: Statement[] = []
    const statement = () => statements.push(p.sub(r.statement))
    p.rep(0, () => p.take(t.Semicolon))
    p.opt(
      1,
      () => {
        statement()
        p.rep(2, () => {
          p.take(t.Semicolon)
          p.opt(3, statement, isSupported)
        })
      },
      isSupported,
    )
    return statements
  })

  r.singleStatement = p.rule('singleStatement', () => {
    p.act(() => refuseUnsupported(p))
    const statement = p.sub(r.statement)
    p.rep(0, () => p.take(t.Semicolon))
    return statement
  })

  r.singleExpression = p.rule('singleExpression', () => p.sub(r.expression))
  r.singleTypeName = p.rule('singleTypeName', () => p.sub(r.typeName))
}

interface Refusal {
  readonly words: readonly string[]
  readonly hint: string | undefined
}

/** Flink statements that are recognized so that the refusal can say why. */
const refusals: readonly Refusal[] = [
  ...['ADD JAR', 'REMOVE JAR'].map(words =>
    refusal(words, 'there is no JVM here; CREATE FUNCTION … LANGUAGE JAVASCRIPT'),
  ),
  ...['LOAD MODULE', 'UNLOAD MODULE', 'USE MODULES'].map(words =>
    refusal(words, 'all functions are built in'),
  ),
  refusal('ANALYZE TABLE', 'statistics serve batch planning only'),
  refusal('TRUNCATE TABLE', 'it is a batch statement'),
  refusal('UPDATE', 'write a streaming INSERT INTO a table with a primary key'),
  refusal('DELETE', 'write a streaming INSERT INTO a table with a primary key'),
  refusal('MERGE', 'write a streaming INSERT INTO a table with a primary key'),
  refusal('UPSERT', 'write INSERT INTO a table with a primary key'),
  ...['CREATE', 'ALTER', 'DROP', 'DESCRIBE', 'DESC'].flatMap(verb => [
    refusal(`${verb} MODEL`, undefined),
    refusal(`${verb} CONNECTION`, undefined),
  ]),
]

function refusal(words: string, hint: string | undefined): Refusal {
  return { words: words.split(' '), hint }
}

function refuseUnsupported(p: Grammar): void {
  const found = refusals.find(({ words }) =>
    words.every((word, i) => p.peek(i + 1).image.toUpperCase() === word),
  )
  if (found === undefined || isJustAName(p, found)) return
  p.refuse('MR_PARSE_UNSUPPORTED', `${found.words.join(' ')} is not supported`, p.peek(1), found.hint)
}

/** `DESCRIBE model` and `DESC connection` may mean a table of that name. */
function isJustAName(p: Grammar, { words }: Refusal): boolean {
  if (!words[0]!.startsWith('DESC')) return false
  return p.isAt(3, t.Semicolon) || p.isAt(3, t.End) || p.isAt(3, t.Dot)
}
