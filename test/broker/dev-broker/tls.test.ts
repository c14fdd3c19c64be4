/** TLS and SASL together, with a certificate made by openssl. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { startDevBroker } from '../../../src/dev-broker/index.ts'

function makeCertificate(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const args = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    cert,
    ...subject,
  ]
  const made = spawnSync('openssl', args)
  if (made.status !== 0) throw new Error(`openssl failed: ${made.stderr}`)
  const pems = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  rmSync(folder, { recursive: true })
  return pems
}

test('a client that trusts the certificate gets in, one that does not stays out, plain text is cut off', async () => {
  const tls = makeCertificate()
  await using broker = await startDevBroker({
    tls,
    sasl: [{ username: 'bob', password: 'bob-secret' }],
    topics: [{ name: 't' }],
  })
  const topicsBy = async (ssl: boolean | { ca: string[] }) => {
    const sasl = { mechanism: 'scram-sha-512' as const, username: 'bob', password: 'bob-secret' }
    const retry = { retries: 0 }
    const kafka = new Kafka({ brokers: [...broker.brokers], logLevel: logLevel.NOTHING, ssl, sasl, retry })
    const admin = kafka.admin()
    try {
      await admin.connect()
      return await admin.listTopics()
    } finally {
      await admin.disconnect()
    }
  }
  expect(await topicsBy({ ca: [tls.cert] })).toEqual(['t'])
  await expect(topicsBy(true)).rejects.toThrow(/self-signed certificate/)
  await expect(topicsBy(false)).rejects.toThrow()
})
