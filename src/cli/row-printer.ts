/** Rows of a SELECT on stdout: `json` (a line per change), `changelog` (`+I[…]`), `table` (aligned columns). */
import type { OutputField } from '../planner/plan-graph/plan-graph.ts'
import type { RowCollector } from '../runtime/operators/collect.ts'
import { type Batch, type RowKind, rowKindNames } from '../types/index.ts'
import { type JsRow, type JsValue, rowToJs } from '../types/js-value.ts'

export type RowFormat = 'table' | 'changelog' | 'json'

/** Columns wider than this are cut on a terminal; `json` shows them whole. */
const MAX_WIDTH = 40

/** JSON text; BIGINT keeps all its digits as a JSON number, bytes are base64, instants ISO-8601. */
export function jsonOf(value: JsValue | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : JSON.stringify(String(value))
  if (typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return `{${entries.map(([key, item]) => `${JSON.stringify(textOf(key as JsValue))}:${jsonOf(item as JsValue)}`).join(',')}}`
}

const textOf = (value: JsValue | undefined): string =>
  value === null || value === undefined
    ? 'NULL'
    : typeof value === 'string'
      ? value
      : jsonOf(value).replace(/^"|"$/g, '')

export interface RowPrinter extends RowCollector {
  /** Resolves when everything is written. */
  finish(): Promise<void>
}

type FormatRow = (kind: RowKind, row: JsRow) => string

export function createRowPrinter(
  format: RowFormat,
  fields: readonly OutputField[],
  out: NodeJS.WritableStream,
): RowPrinter {
  const formatRow = rowFormatter(format, fields)
  let drained: Promise<void> | null = null
  let numRows = 0
  const write = (text: string) => {
    if (out.writable === false) return
    if (out.write(text) || drained !== null) return
    drained = new Promise(resolve => {
      const done = () => {
        out.off('drain', done)
        out.off('close', done)
        drained = null
        resolve()
      }
      out.once('drain', done)
      // A reader that is gone takes nothing more; the query is canceled then.
      out.once('close', done)
    })
  }
  if (format === 'table')
    write(`${tableLine(['op', ...fields.map(field => field.name)], tableWidths(fields))}\n`)
  return {
    collect(batch: Batch) {
      let text = ''
      for (let row = 0; row < batch.length; row++) {
        text += `${formatRow(rowKindNames[batch.kinds?.[row] ?? 0]!, rowToJs(batch, row, fields))}\n`
      }
      numRows += batch.length
      write(text)
    },
    ready: () => drained,
    async finish() {
      if (format === 'table') write(`${numRows} row${numRows === 1 ? '' : 's'}\n`)
      await drained
    },
  }
}

function rowFormatter(format: RowFormat, fields: readonly OutputField[]): FormatRow {
  switch (format) {
    case 'json':
      return (kind, row) => `{"kind":"${kind}","row":${jsonOf(row)}}`
    case 'changelog':
      return (kind, row) => `${kind}[${fields.map(field => textOf(row[field.name])).join(', ')}]`
    case 'table': {
      const widths = tableWidths(fields)
      return (kind, row) => tableLine([kind, ...fields.map(field => textOf(row[field.name]))], widths)
    }
  }
}

function tableWidths(fields: readonly OutputField[]): readonly number[] {
  const widthOf = ({ name, type }: OutputField): number => {
    const byType = type.kind.startsWith('TIMESTAMP')
      ? 23
      : type.kind === 'BIGINT' || type.kind === 'DECIMAL'
        ? 12
        : type.kind === 'VARCHAR'
          ? 20
          : 8
    return Math.min(MAX_WIDTH, Math.max(name.length, byType))
  }
  return [2, ...fields.map(widthOf)]
}

const cut = (text: string): string => (text.length <= MAX_WIDTH ? text : `${text.slice(0, MAX_WIDTH - 1)}…`)
const tableLine = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, i) => cut(cell).padEnd(widths[i]!))
    .join('  ')
    .trimEnd()

/** The answer of SHOW, DESCRIBE, EXPLAIN. One column is printed as plain lines. */
export function printTable(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): void {
  if (columns.length === 1) {
    for (const [cell] of rows) process.stdout.write(`${cell ?? 'NULL'}\n`)
    return
  }
  const cells = [columns, ...rows.map(row => row.map(cell => cell ?? 'NULL'))]
  const widths = columns.map((_, i) => Math.max(...cells.map(row => row[i]!.length)))
  for (const row of cells)
    process.stdout.write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}\n`,
    )
}
