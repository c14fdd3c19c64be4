/**
 * SASL on the server's side: PLAIN (RFC 4616) and SCRAM-SHA-256/512 (RFC 5802, 7677). One session per connection; its steps are the bytes of
 * SaslAuthenticate (SaslHandshake v1) in turn.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
export const saslMechanisms: readonly SaslMechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']

export interface SaslUser {
  readonly username: string
  readonly password: string
}

export type SaslStep =
  | { readonly kind: 'continue'; readonly answer: Buffer }
  | { readonly kind: 'done'; readonly answer: Buffer }
  | { readonly kind: 'failed'; readonly message: string }

const iterations = 4096
const failed = (message: string): SaslStep => ({ kind: 'failed', message })

export class SaslSession {
  readonly #users: ReadonlyMap<string, string>
  #mechanism: SaslMechanism | undefined
  #scram: ScramExchange | undefined
  #isAuthenticated: boolean

  constructor(users: readonly SaslUser[]) {
    this.#users = new Map(users.map(user => [user.username, user.password]))
    this.#isAuthenticated = users.length === 0
  }

  /** Whether this listener asks for SASL at all. */
  get isRequired(): boolean {
    return this.#users.size > 0
  }

  get isAuthenticated(): boolean {
    return this.#isAuthenticated
  }

  get hasMechanism(): boolean {
    return this.#mechanism !== undefined
  }

  /** False when the mechanism is not known. */
  begin(mechanism: string): boolean {
    this.#mechanism = saslMechanisms.find(known => known === mechanism)
    this.#scram = undefined
    return this.#mechanism !== undefined
  }

  step(bytes: Buffer): SaslStep {
    if (this.#mechanism === undefined) return failed('no mechanism was agreed on')
    const step = this.#mechanism === 'PLAIN' ? this.#plain(bytes) : this.#nextScram(this.#mechanism, bytes)
    if (step.kind === 'done') this.#isAuthenticated = true
    return step
  }

  #plain(bytes: Buffer): SaslStep {
    const [, username, password] = bytes.toString('utf8').split('\u0000')
    const known = username === undefined ? undefined : this.#users.get(username)
    if (
      known === undefined ||
      password === undefined ||
      !isEqual(Buffer.from(known), Buffer.from(password))
    ) {
      return failed('Authentication failed: Invalid username or password')
    }
    return { kind: 'done', answer: Buffer.alloc(0) }
  }

  #nextScram(mechanism: SaslMechanism, bytes: Buffer): SaslStep {
    if (this.#scram === undefined) {
      this.#scram = new ScramExchange(mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512', this.#users)
      return this.#scram.first(bytes.toString('utf8'))
    }
    return this.#scram.final(bytes.toString('utf8'))
  }
}

const isEqual = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)

const attributesOf = (message: string): ReadonlyMap<string, string> =>
  new Map(message.split(',').map(part => [part.slice(0, 1), part.slice(2)]))

class ScramExchange {
  readonly #digest: 'sha256' | 'sha512'
  readonly #users: ReadonlyMap<string, string>
  #salted: Buffer = Buffer.alloc(0)
  #authMessage = ''
  #serverNonce = ''

  constructor(digest: 'sha256' | 'sha512', users: ReadonlyMap<string, string>) {
    this.#digest = digest
    this.#users = users
  }

  /** `n,,n=user,r=nonce` → `r=…,s=salt,i=iterations`. */
  first(message: string): SaslStep {
    const bare = message.split(',').slice(2).join(',')
    const attributes = attributesOf(bare)
    const username = attributes.get('n')?.replaceAll('=2C', ',').replaceAll('=3D', '=')
    const clientNonce = attributes.get('r')
    const password = username === undefined ? undefined : this.#users.get(username)
    if (clientNonce === undefined || password === undefined) {
      return failed(
        'Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM',
      )
    }
    const salt = randomBytes(16)
    this.#serverNonce = randomBytes(18).toString('hex')
    this.#salted = pbkdf2Sync(password, salt, iterations, this.#digest === 'sha256' ? 32 : 64, this.#digest)
    const answer = `r=${clientNonce}${this.#serverNonce},s=${salt.toString('base64')},i=${iterations}`
    this.#authMessage = `${bare},${answer}`
    return { kind: 'continue', answer: Buffer.from(answer) }
  }

  /** `c=biws,r=…,p=proof` → `v=signature`. */
  final(message: string): SaslStep {
    const attributes = attributesOf(message)
    const proof = Buffer.from(attributes.get('p') ?? '', 'base64')
    const authMessage = `${this.#authMessage},${message.slice(0, message.lastIndexOf(',p='))}`
    const clientKey = this.#hmac(this.#salted, 'Client Key')
    const storedKey = createHash(this.#digest).update(clientKey).digest()
    const signature = this.#hmac(storedKey, authMessage)
    const expected = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!))
    // Kafka too compares only the end: librdkafka before 2.3 repeats its own nonce in front.
    const hasNonce = attributes.get('r')?.endsWith(this.#serverNonce) ?? false
    if (!hasNonce || !isEqual(expected, proof)) {
      return failed(
        'Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM',
      )
    }
    const serverSignature = this.#hmac(this.#hmac(this.#salted, 'Server Key'), authMessage)
    return { kind: 'done', answer: Buffer.from(`v=${serverSignature.toString('base64')}`) }
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#digest, key).update(text).digest()
  }
}
