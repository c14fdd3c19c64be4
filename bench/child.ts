/** The other side of `inChild`. */
import { RESULT } from './in-child.ts'

const [url, name, args] = process.argv.slice(2)
const module = (await import(url!)) as Record<string, (...args: unknown[]) => unknown>
const result = await module[name!]!(...(JSON.parse(args!) as unknown[]))
process.stdout.write(RESULT + JSON.stringify(result ?? null))
