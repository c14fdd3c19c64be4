/** REGEXP, REGEXP_EXTRACT, REGEXP_REPLACE, REGEXP_COUNT: Java patterns, translated (pattern/java-regex.ts). */
import { type ByteSink, decodeUtf8 } from '../../../types/index.ts'
import { type CallContext, kernel, type ScalarSpec } from '../../function-spec.ts'
import { javaRegex } from '../../pattern/java-regex.ts'
import { constantText, remembered } from '../../pattern/pattern-cache.ts'

const search = remembered(pattern => javaRegex(pattern))
const global = remembered(pattern => javaRegex(pattern, 'g'))

/** The constant pattern argument, made when the first row comes: a bad one fails only if a row reaches it. */
function constantRegex(call: CallContext, flags = ''): (() => RegExp) | undefined {
  const pattern = constantText(call, 1)
  if (pattern === undefined) return undefined
  const make = remembered(text => javaRegex(text, flags))
  return () => make(pattern)
}

export const regexp: ScalarSpec = {
  names: ['REGEXP'],
  signatures: ['(STRING, STRING) -> BOOLEAN'],
  nulls: 'propagate',
  implement: call => {
    const regex = constantRegex(call)
    const isEmpty = constantText(call, 1) === ''
    return regex === undefined
      ? undefined
      : kernel(
          'value',
          () => (bytes: Uint8Array, start: number, end: number) =>
            !isEmpty && regex().test(decodeUtf8(bytes, start, end)),
        )
  },
  naive: ([text, pattern]) => pattern !== '' && search(pattern as string).test(text as string),
  doc: 'Whether some part of the text matches the Java regular expression; FALSE for an empty pattern.',
  examples: [
    { sql: "REGEXP('100-200', '(\\d+)-(\\d+)$')", result: 'TRUE' },
    { sql: "REGEXP('abc', '(?i)B')", result: 'TRUE' },
    { sql: "REGEXP('abc', '^b')", result: 'FALSE' },
  ],
}

function extract(text: string, regex: RegExp, group: number): string | null {
  return group < 0 ? null : (regex.exec(text)?.[group] ?? null)
}

export const regexpExtract: ScalarSpec = {
  names: ['REGEXP_EXTRACT'],
  signatures: ['(STRING, STRING) -> STRING', '(STRING, STRING, INT) -> STRING'],
  nulls: 'propagate',
  nullability: 'always',
  implement: call => {
    const regex = constantRegex(call)
    if (regex === undefined) return undefined
    const isWhole = call.argumentTypes.length === 2
    const write = (text: string | null, out: ByteSink): boolean => {
      if (text === null) return false
      out.appendText(text)
      return true
    }
    type Bytes = Uint8Array
    return kernel(
      'sink',
      () =>
        isWhole
          ? (b: Bytes, s: number, e: number, _p: Bytes, _s: number, _e: number, out: ByteSink) =>
              write(extract(decodeUtf8(b, s, e), regex(), 0), out)
          : (
              b: Bytes,
              s: number,
              e: number,
              _p: Bytes,
              _s: number,
              _e: number,
              group: number,
              out: ByteSink,
            ) => write(extract(decodeUtf8(b, s, e), regex(), group), out),
      { nullable: true },
    )
  },
  naive: ([text, pattern, group]) =>
    extract(text as string, search(pattern as string), (group as number | undefined) ?? 0),
  doc: 'The part of the text that matches the group of the Java regular expression (0: all of it); NULL without a match.',
  examples: [
    { sql: "REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)", result: "'bar'" },
    { sql: "REGEXP_EXTRACT('foothebar', 'the')", result: "'the'" },
    { sql: "REGEXP_EXTRACT('foothebar', 'x', 0)", result: 'CAST(NULL AS STRING)' },
    {
      sql: "REGEXP_EXTRACT('https://www.nexmark.com/abo/item.htm?query=1&channel_id=42', '(&|^)channel_id=([^&]*)', 2)",
      result: "'42'",
    },
  ],
}

export const regexpReplace: ScalarSpec = {
  names: ['REGEXP_REPLACE'],
  signatures: ['(STRING, STRING, STRING) -> STRING'],
  nulls: 'propagate',
  naive: ([text, pattern, replacement]) =>
    (text as string).replace(global(pattern as string), () => replacement as string),
  doc: 'The text with every match of the Java regular expression replaced. The replacement is taken as it stands.',
  examples: [
    { sql: "REGEXP_REPLACE('foobar', 'oo|ar', '')", result: "'fb'" },
    { sql: "REGEXP_REPLACE('ab', '(a)', '$1$1')", result: "'$1$1b'" },
  ],
}

export const regexpCount: ScalarSpec = {
  names: ['REGEXP_COUNT'],
  signatures: ['(STRING, STRING) -> INT'],
  nulls: 'propagate',
  naive: ([text, pattern]) => [...(text as string).matchAll(global(pattern as string))].length,
  doc: 'How often the Java regular expression matches.',
  examples: [{ sql: "REGEXP_COUNT('a1b22c333', '\\d+')", result: '3' }],
}
