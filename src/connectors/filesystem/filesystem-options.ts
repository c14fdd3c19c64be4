/** Options of `filesystem`, with those of the table's format. */
import { fileURLToPath } from 'node:url'
import { type OptionSpec, type OptionValues, parseOptions } from '../../catalog/index.ts'
import { configError } from '../../errors/index.ts'
import type { Format, FormatContext } from '../../formats/format.ts'
import type { TableDefinition } from '../contract/index.ts'
import { formatContext, prefixedSpecs, requireFormat } from '../shared/format-options.ts'
import { connectorOption } from '../shared/option-specs.ts'

export const filesystemOptionSpecs: readonly OptionSpec[] = [
  connectorOption('filesystem'),
  {
    key: 'path',
    type: 'string',
    required: true,
    doc: 'File or directory; an absolute or relative path, or file:///…',
  },
  {
    key: 'format',
    type: 'string',
    required: true,
    doc: 'json or csv (one record a line), or raw (the line itself).',
  },
  { key: 'scan.parallelism', type: 'integer', doc: 'Parallelism of the source.' },
  { key: 'sink.parallelism', type: 'integer', doc: 'Parallelism of the sink.' },
  {
    key: 'sink.rolling-policy.file-size',
    type: 'memory',
    default: '128 mb',
    doc: 'A part file is closed when it has grown to this size, and at every checkpoint.',
  },
]

const formatNames = ['csv', 'json', 'raw'] as const

export interface FilesystemOptions {
  readonly path: string
  readonly format: Format
  readonly formatContext: FormatContext
  readonly rollBytes: number
}

function localPath(text: string): string {
  if (text.startsWith('file:')) return fileURLToPath(text.replace(/^file:\/*/, 'file:///'))
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    throw configError('MR_CONFIG_OPTION_VALUE', `option 'path' of the filesystem connector names '${text}'`, {
      expected: ['a path of this machine, or file:///…'],
    })
  }
  return text
}

/** Throws config errors; touches no file. */
export function parseFilesystemOptions(
  table: TableDefinition,
  findFormat: (name: string) => Format | undefined,
  timeZone: string,
): FilesystemOptions {
  const owner = 'filesystem connector'
  const format = requireFormat(table.options, 'format', owner, findFormat, formatNames)
  const specs = [...filesystemOptionSpecs, ...prefixedSpecs(format)]
  const values: OptionValues = parseOptions(table.options, specs, owner)
  return {
    path: localPath(values.string('path')),
    format,
    formatContext: formatContext(format, table.options, timeZone),
    rollBytes: values.memory('sink.rolling-policy.file-size'),
  }
}
