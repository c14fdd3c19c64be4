/** Every format, in one list. */
import type { Format } from './format.ts'
import { jsonFormat } from './json/index.ts'

export const formats: readonly Format[] = [jsonFormat]

export const findFormat = (name: string): Format | undefined => formats.find(format => format.name === name)
