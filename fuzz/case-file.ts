/** Cases as JSON files: text where the bytes are plain text, base64 otherwise. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Case } from './target.ts'

export interface CaseFile extends Case {
  readonly target: string
  /** What went wrong when the case was found. */
  readonly found: string
}

type StoredPart = { readonly text: string } | { readonly base64: string }

interface StoredCase {
  readonly target: string
  readonly found: string
  readonly setup: unknown
  readonly parts: readonly StoredPart[]
}

function storePart(part: Uint8Array): StoredPart {
  const text = Buffer.from(part).toString('utf8')
  return Buffer.from(text).equals(part) ? { text } : { base64: Buffer.from(part).toString('base64') }
}

const loadPart = (part: StoredPart): Uint8Array =>
  new Uint8Array('text' in part ? Buffer.from(part.text) : Buffer.from(part.base64, 'base64'))

export function writeCaseFile(path: string, { target, found, setup, parts }: CaseFile): void {
  const stored: StoredCase = { target, found, setup, parts: parts.map(storePart) }
  writeFileSync(path, `${JSON.stringify(stored, null, 2)}\n`)
}

export function readCaseFile(path: string): CaseFile {
  const stored = JSON.parse(readFileSync(path, 'utf8')) as StoredCase
  return { ...stored, parts: stored.parts.map(loadPart) }
}
