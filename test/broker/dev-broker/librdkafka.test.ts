/** The newest librdkafka (confluent-kafka wheel): what it negotiates beyond kcat's older one. */
import { describe, expect, test } from 'vitest'
import { startDevBroker } from '../../../src/dev-broker/index.ts'
import { python, runPython } from './foreign-clients.ts'

/** Copies topic `in` to `out` in transactions of 100 records, every third aborted and done again; offsets go with the transaction. */
const copyScript = `
import sys
from confluent_kafka import Consumer, Producer, TopicPartition
boot = sys.argv[1]
producer = Producer({'bootstrap.servers': boot, 'transactional.id': 'copy', 'compression.type': 'lz4'})
producer.init_transactions()
consumer = Consumer({'bootstrap.servers': boot, 'group.id': 'copy', 'auto.offset.reset': 'earliest',
  'enable.auto.commit': False, 'isolation.level': 'read_committed', 'session.timeout.ms': 6000})
consumer.subscribe(['in'])
copied = 0
attempt = 0
while copied < 1000:
  messages = []
  while len(messages) < 100:
    message = consumer.poll(1.0)
    if message is None: continue
    if message.error(): raise Exception(message.error())
    messages.append(message)
  while True:
    attempt += 1
    producer.begin_transaction()
    for message in messages:
      producer.produce('out', key=message.key(), value=message.value())
    offsets = {}
    for message in messages:
      offsets[(message.topic(), message.partition())] = message.offset() + 1
    producer.send_offsets_to_transaction([TopicPartition(t, p, o) for (t, p), o in offsets.items()], consumer.consumer_group_metadata())
    if attempt % 3 == 0:
      producer.abort_transaction()
      continue
    producer.commit_transaction()
    break
  copied += len(messages)
consumer.close()
print(attempt)
`

const readScript = `
import sys
from confluent_kafka import Consumer
consumer = Consumer({'bootstrap.servers': sys.argv[1], 'group.id': 'read', 'auto.offset.reset': 'earliest',
  'enable.partition.eof': True, 'isolation.level': sys.argv[2]})
consumer.subscribe(['out'])
done = set()
while len(done) < 3:
  message = consumer.poll(1.0)
  if message is None: continue
  if message.error(): done.add(message.partition())
  else: print(message.key().decode() + '=' + message.value().decode())
consumer.close()
`

const fillScript = `
import sys
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic, ConfigResource
admin = AdminClient({'bootstrap.servers': sys.argv[1]})
for future in admin.create_topics([NewTopic('in', 4), NewTopic('out', 3)]).values(): future.result()
resource = ConfigResource('BROKER', '1')
print(admin.describe_configs([resource])[resource].result()['transaction.max.timeout.ms'].value)
producer = Producer({'bootstrap.servers': sys.argv[1], 'enable.idempotence': True})
for i in range(1000): producer.produce('in', key=str(i), value='v' + str(i))
producer.flush()
`

describe.skipIf(python === undefined)('confluent-kafka', () => {
  test('a transactional copy with aborts is exactly once', async () => {
    await using broker = await startDevBroker({ numBrokers: 3 })
    const expected = Array.from({ length: 1000 }, (_, i) => `${i}=v${i}`).toSorted()
    expect(await runPython(fillScript, [broker.bootstrap])).toBe('900000\n')
    const attempts = Number(await runPython(copyScript, [broker.bootstrap]))
    expect(attempts).toBeGreaterThan(10)
    const read = async (isolation: string) =>
      (await runPython(readScript, [broker.bootstrap, isolation])).trim().split('\n').toSorted()
    expect(await read('read_committed')).toEqual(expected)
    const ends = [0, 1, 2, 3].map(partition => broker.committedOffset('copy', 'in', partition)?.offset)
    expect(ends).toEqual([0, 1, 2, 3].map(partition => broker.describeLog('in', partition).endOffset))
  })
})
