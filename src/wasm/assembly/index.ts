/** The kernels' entry points. `npm run wasm` compiles this folder into ../module-bytes.ts. */
export { scanJson } from './json'
export { decodeRecords } from './records'
