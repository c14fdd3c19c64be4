import { expect, test } from 'vitest'
import { OffsetPublisher } from '../../../../../src/connectors/kafka/source/publish-offsets.ts'

const at = (offset: number) => [{ topic: 't', partition: 0, offset, stop: null, topicId: '' }]

/** Writes that end when the test says so. */
function heldWrites() {
  const written: number[] = []
  const ends: ((error?: Error) => void)[] = []
  const publisher = new OffsetPublisher(([position]) => {
    written.push(position!.offset)
    return new Promise((resolve, reject) => {
      ends.push(error => (error === undefined ? resolve() : reject(error)))
    })
  })
  return { publisher, written, end: (error?: Error) => ends.shift()!(error) }
}

test('one write at a time, and of those that wait only the newest', async () => {
  const { publisher, written, end } = heldWrites()
  const publishes = [1, 2, 3, 4].map(offset => publisher.publish(at(offset)))
  expect(written).toEqual([1])
  end()
  await Promise.all(publishes.slice(0, 3))
  expect(written).toEqual([1, 4])
  const settled = publisher.settled()
  end()
  await Promise.all([...publishes, settled])
  await publisher.settled()
})

test('a write that fails fails its own publish only', async () => {
  const { publisher, written, end } = heldWrites()
  const [first, second] = [publisher.publish(at(1)), publisher.publish(at(2))]
  end(new Error('refused'))
  await expect(first).rejects.toThrow('refused')
  end()
  await second
  expect(written).toEqual([1, 2])
})
