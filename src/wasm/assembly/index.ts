/** The kernels' entry points. `npm run wasm` compiles this folder into ../module-bytes.ts. */
export { frameRecords } from './frame'
export { finishHash, hashBytes, hashDoubles, hashInts, hashLongs } from './hash'
export { scanJson } from './json'
export { encodeJson } from './json-encode'
export { decodeRecords } from './records'
export { groupRows, selectBytes, selectInts, selectLongs, selectNulls, selectOffsets } from './select'
