/** Every format, in one list. */
import { csvFormat } from './csv/index.ts'
import type { Format } from './format.ts'
import { jsonFormat } from './json/index.ts'
import { rawFormat } from './raw/index.ts'

export const formats: readonly Format[] = [csvFormat, jsonFormat, rawFormat]

export const formatNames: readonly string[] = formats.map(format => format.name)

export const findFormat = (name: string): Format | undefined => formats.find(format => format.name === name)
