import { expect, test } from 'vitest'
import { connectionKey } from '../../../../../src/connectors/kafka/transport/connection-config.ts'
import { testConnection } from '../../../../support/kafka-topics.ts'

const plain = testConnection('a:1,b:2')
const tls = { ca: ['ca'], cert: 'cert', key: 'key', passphrase: 'p', checkHostName: true }
const sasl = { mechanism: 'plain', username: 'alice', password: 'secret' } as const
const provider = () => async () => ({ value: 'token' })

test('the order of the servers and the name of the job do not matter', () => {
  const named = (bootstrap: string, clientId: string) =>
    connectionKey(testConnection(bootstrap, { clientId, hasDefaultClientId: true }))
  expect(named('b:2,A:1', 'millrace-x')).toBe(named('a:1,b:2', 'millrace-y'))
})

test('whatever says who we are, whom we trust or how long we wait does', () => {
  const bearer = { mechanism: 'oauthbearer', oauthBearerProvider: provider() } as const
  const keys = [
    plain,
    { ...plain, clientId: 'other' },
    { ...plain, bootstrap: plain.bootstrap.slice(1) },
    { ...plain, requestTimeoutMs: 1 },
    { ...plain, connectTimeoutMs: 1 },
    { ...plain, tls },
    { ...plain, tls: { ...tls, ca: ['another'] } },
    { ...plain, tls: { ...tls, cert: 'another' } },
    { ...plain, tls: { ...tls, key: 'another' } },
    { ...plain, tls: { ...tls, passphrase: 'another' } },
    { ...plain, tls: { ...tls, checkHostName: false } },
    { ...plain, sasl },
    { ...plain, sasl: { ...sasl, username: 'bob' } },
    { ...plain, sasl: { ...sasl, password: 'another' } },
    { ...plain, sasl: { ...sasl, mechanism: 'scram-sha-256' as const } },
    { ...plain, sasl: bearer },
    { ...plain, sasl: { ...bearer, oauthBearerProvider: provider() } },
  ].map(connectionKey)
  expect(new Set(keys).size).toBe(keys.length)
  expect(connectionKey({ ...plain, sasl: bearer })).toBe(connectionKey({ ...plain, sasl: bearer }))
})
