import { createHash } from 'node:crypto'

/** SHA-256 of a file's bytes in hex, kept by whoever refers to the file. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
