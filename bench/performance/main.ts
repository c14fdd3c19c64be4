/** `npm run performance`: writes docs/performance.md and its charts from bench/results. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { optionsOrExit } from '../../harness/command-line.ts'
import { renderPerformance } from './page.ts'
import { Results } from './results.ts'

// There are no options: a wrong one is not passed over.
optionsOrExit(() => parseArgs({}))
const docs = join(import.meta.dirname, '..', '..', 'docs')
mkdirSync(join(docs, 'performance'), { recursive: true })
for (const [path, text] of Object.entries(renderPerformance(Results.read())))
  writeFileSync(join(docs, path), text)
