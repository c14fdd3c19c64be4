/**
 * Writes docs/configuration.md and docs/connectors.md from the option tables the engine itself checks against.
 * `npm run docs` after an option was added or changed; test/unit/docs.test.ts fails when one is missing.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConfigOption, configAliases, configOptions } from '../src/catalog/config-options.ts'
import type { OptionSpec } from '../src/catalog/index.ts'
import { ignoredProperties, refusedProperties } from '../src/connectors/kafka/options/java-properties.ts'
import { connectors } from '../src/connectors/registry.ts'
import { formats } from '../src/formats/registry.ts'

const code = (text: string): string => `\`${text}\``
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
/** Prose: a `<placeholder>` must not become a tag. */
const prose = (text: string): string => cell(text).replaceAll('<', '&lt;')

const typeOf = ({ type, values }: OptionSpec): string =>
  values === undefined ? type : values.map(code).join(', ')

function optionTable(options: readonly OptionSpec[], keyPrefix = ''): string {
  const rows = options.map(option => {
    const key = `${keyPrefix}${option.key}${option.prefix === true ? '*' : ''}`
    const initial =
      option.required === true ? 'required' : option.default === undefined ? '' : code(option.default)
    return `| ${code(key)} | ${cell(typeOf(option))} | ${cell(initial)} | ${prose(option.doc)} |`
  })
  return `| option | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
}

function configTable(options: readonly ConfigOption[]): string {
  const rows = options.map(option => {
    const mark = option.extension === true ? ' (not in Flink)' : ''
    const initial = option.default === undefined ? '' : code(option.default)
    return `| ${code(option.key)} | ${cell(typeOf(option))} | ${cell(initial)} | ${prose(option.doc)}${mark} |`
  })
  return `| key | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
}

export function renderConfiguration(): string {
  const honoured = configOptions.filter(option => option.effect === 'honoured')
  const accepted = configOptions.filter(option => option.effect !== 'honoured')
  const acceptedRows = accepted.map(option => `| ${code(option.key)} | ${prose(option.effect)} |`)
  const aliasRows = Object.entries(configAliases).map(([old, key]) => `| ${code(old)} | ${code(key)} |`)
  return `# Settings

Settings are made by \`SET 'key' = 'value';\` in a script, or by \`-D key=value\` on the command line; a SET holds for
the statements after it. Keys, values and defaults are Flink's unless the table says otherwise. A key that is in none
of these tables is an error that names the nearest known one. Durations are written as \`5 s\`, \`10 min\`, \`200 ms\`;
sizes as \`20 kb\`, \`1 mb\`.

${configTable(honoured)}
## Accepted without effect

Scripts written for Flink may set these. They are checked and accepted, and change nothing.

| key | why |
| --- | --- |
${acceptedRows.join('\n')}

## Older names

| old | read as |
| --- | --- |
${aliasRows.join('\n')}

This file is made by \`npm run docs\`.
`
}

export function renderConnectors(): string {
  const connectorParts = connectors.map(({ name, options }) => `### ${name}\n\n${optionTable(options)}`)
  const formatParts = formats.map(({ name, options }) =>
    options.length === 0
      ? `### ${name}\n\nNo options.\n`
      : `### ${name}\n\n${optionTable(options, `${name}.`)}`,
  )
  const refused = Object.entries(refusedProperties).map(
    ([key, why]) => `| ${code(`properties.${key}`)} | ${prose(why)} |`,
  )
  return `# Connectors and formats

Options of the WITH clause. An option that is not listed is an error that names the nearest known one. Options of a
format are written with the format's name in front, after \`key.\` or \`value.\` where a table has two formats.

## Connectors

${connectorParts.join('\n')}
### Other Kafka client properties

A \`properties.*\` key that is neither in the tables above nor here is an error. These are accepted and change nothing:
${ignoredProperties.map(code).join(', ')}.

These are refused, because leaving them out would change what you rely on:

| key | why |
| --- | --- |
${refused.join('\n')}

## Formats

${formatParts.join('\n')}
This file is made by \`npm run docs\`.
`
}

if (process.argv[1] === import.meta.filename) {
  const docs = join(import.meta.dirname, '..', 'docs')
  writeFileSync(join(docs, 'configuration.md'), renderConfiguration())
  writeFileSync(join(docs, 'connectors.md'), renderConnectors())
}
