/** MD5, SHA1 … SHA512, SHA2: hexadecimal digests of the UTF-8 bytes. */
import { createHash } from 'node:crypto'
import type { ByteSink } from '../../../types/index.ts'
import { kernel, type ScalarSpec } from '../../function-spec.ts'

const digestText = (algorithm: string, text: string | Uint8Array): string =>
  createHash(algorithm).update(text).digest('hex')

const spec = (name: string, algorithm: string, ofAb: string): ScalarSpec => ({
  names: [name],
  signatures: ['(STRING) -> STRING'],
  nulls: 'propagate',
  implement: () =>
    kernel(
      'sink',
      () => (bytes: Uint8Array, start: number, end: number, out: ByteSink) =>
        out.appendText(digestText(algorithm, bytes.subarray(start, end))),
    ),
  naive: ([text]) => digestText(algorithm, text as string),
  doc: `The ${name} digest as lower-case hexadecimal digits.`,
  examples: [{ sql: `${name}('ab')`, result: `'${ofAb}'` }],
})

export const md5 = spec('MD5', 'md5', '187ef4436122d1cc2f40dc2b92f0eba0')
export const sha1 = spec('SHA1', 'sha1', 'da23614e02469a0d7c7bd1bdab5c9c474b1904dc')
export const sha224 = spec('SHA224', 'sha224', 'db3cda86d4429a1d39c148989566b38f7bda0156296bd364ba2f878b')
export const sha256 = spec(
  'SHA256',
  'sha256',
  'fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603',
)
export const sha384 = spec(
  'SHA384',
  'sha384',
  'c7be03ba5bcaa384727076db0018e99248e1a6e8bd1b9ef58a9ec9dd4eeebb3f48b836201221175befa74ddc3d35afdd',
)
export const sha512 = spec(
  'SHA512',
  'sha512',
  '2d408a0717ec188158278a796c689044361dc6fdde28d6f04973b80896e1823975cdbf12eb63f9e0591328ee235d80e9b5bf1aa6a44f4617ff3caf6400eb172d',
)

const algorithms: Readonly<Record<number, string>> = {
  224: 'sha224',
  256: 'sha256',
  384: 'sha384',
  512: 'sha512',
}

export const sha2: ScalarSpec = {
  names: ['SHA2'],
  signatures: ['(STRING, INT) -> STRING'],
  nulls: 'propagate',
  nullability: 'always',
  naive: ([text, bits]) => {
    const algorithm = algorithms[bits as number]
    return algorithm === undefined ? null : digestText(algorithm, text as string)
  },
  doc: 'The SHA-2 digest of 224, 256, 384 or 512 bits.',
  examples: [{ sql: "SHA2('ab', 256) = SHA256('ab')", result: 'TRUE' }],
}
