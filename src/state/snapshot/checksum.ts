import { createHash } from 'node:crypto'

/** A SHA-256 that is fed piece by piece. */
export const newChecksum = () => createHash('sha256')

/** SHA-256 of a file's content in hex, kept by whoever refers to the file. */
export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')
