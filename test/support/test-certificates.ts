/** An own CA, a server certificate for localhost and a client certificate, made by openssl. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TestCertificates {
  readonly caFile: string
  /** Private key and certificate in one PEM file, as Kafka's PEM key store wants it. */
  readonly serverStore: string
  readonly clientCertFile: string
  readonly clientKeyFile: string
}

export function makeCertificates(folder: string): TestCertificates {
  const at = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: 'ignore' })
  }
  const request = (name: string, subject: string): void =>
    openssl(
      ...['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', at(`${name}.key`)],
      ...['-out', at(`${name}.csr`), '-subj', subject],
    )
  const sign = (name: string): void =>
    openssl(
      ...['x509', '-req', '-in', at(`${name}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key')],
      ...['-CAcreateserial', '-days', '30', '-extfile', at('server.ext'), '-out', at(`${name}.pem`)],
    )
  openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('ca.key'), '-out', at('ca.pem')],
    ...['-days', '30', '-subj', '/CN=millrace-test-ca'],
  )
  writeFileSync(at('server.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  request('server', '/CN=localhost')
  sign('server')
  request('client', '/CN=client')
  sign('client')
  writeFileSync(
    at('server-store.pem'),
    readFileSync(at('server.key'), 'utf8') + readFileSync(at('server.pem'), 'utf8'),
  )
  return {
    caFile: at('ca.pem'),
    serverStore: at('server-store.pem'),
    clientCertFile: at('client.pem'),
    clientKeyFile: at('client.key'),
  }
}
