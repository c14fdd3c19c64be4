import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileKernels, moduleText } from '../../../scripts/build-wasm.ts'
import { moduleBytes } from '../../../src/wasm/module-bytes.ts'

test('module-bytes.ts is what the sources compile to (npm run wasm)', async () => {
  const binary = await compileKernels()
  expect(Buffer.from(binary).toString('base64') === moduleBytes).toBe(true)
  const path = join(import.meta.dirname, '../../../src/wasm/module-bytes.ts')
  expect(readFileSync(path, 'utf8') === moduleText(binary)).toBe(true)
})
