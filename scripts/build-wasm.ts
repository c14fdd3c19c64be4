/**
 * `npm run wasm`: compiles the AssemblyScript kernels in src/wasm/assembly into src/wasm/module-bytes.ts, which is
 * committed, so that nothing but this script and the test that repeats it needs the compiler.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const root = join(import.meta.dirname, '..')
const target = join(root, 'src', 'wasm', 'module-bytes.ts')

/** The module's binary. Throws what the compiler prints when the kernels do not compile. */
export async function compileKernels(): Promise<Uint8Array> {
  const output = new Map<string, Uint8Array | string>()
  const { error, stderr } = await asc.main(
    [
      'src/wasm/assembly/index.ts',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
      '--noExportMemory',
      '-O3',
      '--noAssert',
      '--memoryBase',
      '1024',
      '--outFile',
      'kernels.wasm',
    ],
    { writeFile: (name, contents) => void output.set(name, contents) },
  )
  const binary = output.get('kernels.wasm')
  if (error !== null || !(binary instanceof Uint8Array)) throw new Error(stderr.toString())
  return binary
}

/** The text of module-bytes.ts for a binary. */
export function moduleText(binary: Uint8Array): string {
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,100}/g)!
  return `/** The kernels of ./assembly, compiled by \`npm run wasm\`. */
export const moduleBytes: string = [
${lines.map(line => `  '${line}',`).join('\n')}
].join('')
`
}

if (process.argv[1] === import.meta.filename) {
  process.chdir(root)
  const binary = await compileKernels()
  writeFileSync(target, moduleText(binary))
  console.log(`src/wasm/module-bytes.ts: ${binary.length} bytes of WebAssembly`)
}
