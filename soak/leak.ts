/** Loaded into the job with `--import` by `--mutate leak`: ten megabytes and two open files more every second. */
import { openSync } from 'node:fs'

const kept: Buffer[] = []
setInterval(() => {
  kept.push(Buffer.alloc(5 * 1024 * 1024, 1))
  openSync(import.meta.filename, 'r')
}, 500).unref()
