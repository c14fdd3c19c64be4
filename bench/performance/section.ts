/** What a section of docs/performance.md is, and what most are made of. */
import type { Results } from './results.ts'

export interface Section {
  readonly heading: string
  /** Markdown; charts are `![…](performance/NAME.svg)`. */
  readonly text: string
  readonly charts: Readonly<Record<string, string>>
}

export type MakeSection = (results: Results) => Section | null

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map(row => `| ${row.join(' | ')} |`)
    .join('\n')

export const command = (names: readonly string[], origin: string): string =>
  `\`npm run bench -- ${names.join(' ')}\` (${origin})`
