/**
 * What the parser adds to start-up: fresh Node processes load it and parse a first small script. Measured on
 * JavaScript with V8's compile cache, as the package runs it: stripping types costs more than everything else together.
 * Prints medians in milliseconds. `node bench/parser-startup.ts [runs]`
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const build = mkdtempSync(join(root, 'bench', '.startup-'))
for (const file of globSync('{parser,errors}/**/*.ts', { cwd: join(root, 'src') })) {
  const target = join(build, file.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(target), { recursive: true })
  const javascript = stripTypeScriptTypes(readFileSync(join(root, 'src', file), 'utf8'))
  writeFileSync(target, javascript.replaceAll(/(from '[^']+)\.ts'/g, "$1.js'"))
}
const entry = join(build, 'parser', 'index.js')
const sql = `CREATE TABLE bid (auction BIGINT, price BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '4' SECOND)
WITH ('connector' = 'kafka'); INSERT INTO counts SELECT window_start, COUNT(*) FROM
TABLE(TUMBLE(TABLE bid, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`

const program = `
import { enableCompileCache } from 'node:module'
enableCompileCache(${JSON.stringify(join(build, 'cache'))})
const start = performance.now()
const { parseScript } = await import(${JSON.stringify(entry)})
const loaded = performance.now()
parseScript({ text: ${JSON.stringify(sql)}, name: 'first.sql' })
const first = performance.now()
parseScript({ text: ${JSON.stringify(sql)}, name: 'second.sql' })
console.log(JSON.stringify({ load: loaded - start, first: first - loaded, second: performance.now() - first }))
`

const runs = Number(process.argv[2] ?? 15)
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!

const phases = Array.from({ length: runs }, () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as { load: number; first: number; second: number }
})
rmSync(build, { recursive: true })
const load = median(phases.map(phase => phase.load))
const first = median(phases.map(phase => phase.first))
const total = median(phases.map(phase => phase.load + phase.first))
const second = median(phases.map(phase => phase.second))
console.log(
  `load ${load.toFixed(1)} ms, first script ${first.toFixed(1)} ms, together ${total.toFixed(1)} ms; ` +
    `the same script again ${second.toFixed(2)} ms (median of ${runs}, Node ${process.versions.node})`,
)
