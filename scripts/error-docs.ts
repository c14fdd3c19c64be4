/**
 * Writes docs/errors.md from the places in src that throw: code, family, message, hint. `npm run docs` after an
 * error was added or reworded; test/unit/docs.test.ts fails when a code is missing or no longer thrown.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorFamilies } from '../src/errors/codes.ts'

const root = join(import.meta.dirname, '..')

interface ErrorEntry {
  readonly code: string
  readonly family: string
  readonly message: string
  readonly hint: string
}

const sections: readonly (readonly [area: string, title: string])[] = [
  ['PARSE', 'SQL text'],
  ['BIND', 'Names and types of a query'],
  ['CATALOG', 'Catalogs, databases, tables'],
  ['FUNCTION', 'Functions'],
  ['EXPR', 'Expressions'],
  ['PLAN', 'Plans'],
  ['CONFIG', 'Settings and options'],
  ['CLI', 'Command line'],
  ['KAFKA', 'Kafka'],
  ['CHECKPOINT', 'Checkpoints'],
  ['RECOVERY', 'Recovery'],
  ['STATE', 'State'],
]

/** Who throws: the function's name tells the family. */
const families: Readonly<Record<string, string>> = {
  parseError: errorFamilies.parse.name,
  refuse: errorFamilies.parse.name,
  refuseAt: errorFamilies.parse.name,
  fail: errorFamilies.parse.name,
  validationError: errorFamilies.validation.name,
  configError: errorFamilies.config.name,
  connectorError: errorFamilies.connector.name,
  runtimeFailure: errorFamilies.runtime.name,
  internalError: errorFamilies.internal.name,
}
const familyOfArea: Readonly<Record<string, string>> = {
  PARSE: errorFamilies.parse.name,
  BIND: errorFamilies.validation.name,
  PLAN: errorFamilies.validation.name,
  KAFKA: errorFamilies.connector.name,
  INTERNAL: errorFamilies.internal.name,
}

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sourceFiles(path)
    else if (entry.name.endsWith('.ts')) yield path
  }
}

const areaOf = (code: string): string => code.split('_')[1]!
const codePattern = /'(MR_[A-Z0-9_]+)'/g
const literalPattern = /\s*(?:\/\/[^\n]*\n\s*)*,?\s*(`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/y

/** Replaces `${…}` by an ellipsis, whatever is nested in it. */
function withoutSubstitutions(text: string): string {
  let result = ''
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (depth === 0 && text.startsWith('${', i)) {
      result += '…'
      depth = 1
      i++
    } else if (depth === 0) result += text[i]
    else if (text[i] === '{') depth++
    else if (text[i] === '}') depth--
  }
  return result
}

const plain = (literal: string): string =>
  withoutSubstitutions(literal.slice(1, -1))
    .replace(/…+/g, '…')
    .replace(/\\(['"`])/g, '$1')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')

/** The text of a template may hold templates in its substitutions: the end is where the depth is back at zero. */
function literalAt(text: string, from: number): string | undefined {
  const start = /^[\s,]*/.exec(text.slice(from, from + 200))![0].length + from
  const quote = text[start]
  if (quote === "'" || quote === '"') {
    literalPattern.lastIndex = start
    return literalPattern.exec(text)?.[1]
  }
  if (quote !== '`') return undefined
  let depth = 0
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text.startsWith('${', i)) depth++
    else if (text[i] === '}' && depth > 0) depth--
    else if (text[i] === '`' && depth === 0) return text.slice(start, i + 1)
  }
  return undefined
}

/** The parser gives its hint as a last argument: a literal after the place, before the call ends. */
function lastArgument(call: string): string | undefined {
  const argument =
    /^,\s*(?:`[^`]*`|'[^']*'|"[^"]*"|message),\s*[\w.#]+(?:\([^()]*\))?,\s*(`[^`]*`|'[^']*'|"[^"]*"),?\s*\)/
  return argument.exec(call)?.[1]
}

/** Messages that the source makes from parts. */
const known: Readonly<Record<string, string>> = {
  MR_DEV_BROKER_LISTEN: 'the port is taken, or the address is none of this machine',
  MR_EXPR_ARGUMENT: 'a function cannot work with the value it was given; the message names both',
  MR_INTERNAL: 'something happened that must not; the cause is attached',
  MR_PARSE_KEY_ENFORCED: 'a PRIMARY KEY must be NOT ENFORCED',
  MR_PARSE_UNEXPECTED_END: 'the text ends too early',
}

function entryAt(text: string, code: string, start: number, end: number): ErrorEntry {
  const before = text.slice(Math.max(0, start - 80), start)
  const thrower = /(\w+)\(\s*(?:`[^`]*`\s*)?$/.exec(before)?.[1] ?? ''
  const literal = literalAt(text, end)
  const message = literal === undefined ? '' : plain(literal)
  const next = text.slice(end).search(codePattern)
  const reach = text.slice(end, end + Math.min(900, next < 0 ? 900 : next))
  const hintAt = /\bhint:\s*/.exec(reach)
  const hint = hintAt === null ? lastArgument(reach) : literalAt(text, end + hintAt.index + hintAt[0].length)
  return {
    code,
    family: families[thrower] ?? familyOfArea[areaOf(code)] ?? '',
    message: known[code] ?? message,
    hint: hint === undefined ? '' : plain(hint),
  }
}

/** Of several places that throw a code, the one that says most. */
function collectErrors(): ErrorEntry[] {
  const best = new Map<string, ErrorEntry>()
  for (const file of sourceFiles(join(root, 'src'))) {
    const text = readFileSync(file, 'utf8')
    for (const match of text.matchAll(codePattern)) {
      const entry = entryAt(text, match[1]!, match.index, match.index + match[0].length)
      const other = best.get(entry.code)
      const weight = ({ family, message, hint }: ErrorEntry) =>
        (family === '' ? 0 : 1000) + (message === '' ? 0 : 500) + (hint === '' ? 0 : 200)
      if (other === undefined || weight(entry) > weight(other)) best.set(entry.code, entry)
    }
  }
  return [...best.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

const row = ({ code, family, message, hint }: ErrorEntry): string =>
  `| \`${code}\` | ${family} | ${message} | ${hint} |`

function render(errors: readonly ErrorEntry[]): string {
  const titled = new Set(sections.map(([area]) => area))
  const groups = [...sections, ['', 'Other'] as const].map(([area, title]) => {
    const members = errors.filter(({ code }) =>
      area === '' ? !titled.has(areaOf(code)) : areaOf(code) === area,
    )
    if (members.length === 0) return ''
    return `## ${title}\n\n| code | family | message | what to do |\n| --- | --- | --- | --- |\n${members.map(row).join('\n')}\n`
  })
  return `${introduction}\n${groups.filter(group => group !== '').join('\n')}`
}

const introduction = `# Errors

Every error has a stable code, a family that says who must act, one line of message, and where it helps the position
in the SQL text, what was expected, the nearest known name, and what to change. In the library it is a
\`MillraceError\` with \`code\`, \`family\` and \`details\`; \`render()\` gives the text the CLI prints. The CLI prints no
stack trace (\`MILLRACE_STACK=1\` adds it) and exits with the code of the family.

| family | who must act | exit code |
| --- | --- | --- |
| ParseError | whoever wrote the SQL text | ${errorFamilies.parse.exitCode} |
| ValidationError | whoever wrote the query or table | ${errorFamilies.validation.exitCode} |
| ConfigError | whoever chose settings, options or flags | ${errorFamilies.config.exitCode} |
| ConnectorError | whoever runs the outside system | ${errorFamilies.connector.exitCode} |
| RuntimeFailure | whoever runs the job: data or state stands in the way | ${errorFamilies.runtime.exitCode} |
| InternalError | us: please report it | ${errorFamilies.internal.exitCode} |

Below, \`…\` stands for names and numbers of the case at hand. This file is made by \`npm run docs\`.
`

writeFileSync(join(root, 'docs', 'errors.md'), render(collectErrors()))
