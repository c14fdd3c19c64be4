/** Base64 texts of BYTES fields. */

const alphabet = /^[A-Za-z0-9+/]*={0,2}$/

/** The bytes of a whole, padded base64 text; undefined for any other. Texts of any length: nothing is repeated in groups. */
export const parseBase64 = (text: string): Uint8Array | undefined =>
  text.length % 4 === 0 && alphabet.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined
