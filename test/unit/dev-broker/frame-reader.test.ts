import { expect, test } from 'vitest'
import { FrameReader } from '../../../src/dev-broker/server/frame-reader.ts'

const frameOf = (text: string): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(text.length)
  return Buffer.concat([length, Buffer.from(text)])
}

test('frames come out whole however the stream is cut', () => {
  const texts = ['first', 'a longer second frame', 'last one']
  const stream = Buffer.concat(texts.map(frameOf))
  for (let size = 1; size <= stream.length; size++) {
    const frames: string[] = []
    const reader = new FrameReader(100, frame => frames.push(frame.toString()))
    for (let at = 0; at < stream.length; at += size)
      expect(reader.push(stream.subarray(at, at + size))).toBe(true)
    expect(frames).toEqual(texts)
  }
})

test('lengths out of bounds end the stream: an HTTP request, a negative length, one byte too many', () => {
  for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n'), Buffer.alloc(4, 0xff), frameOf('x'.repeat(101))]) {
    expect(new FrameReader(100, () => {}).push(bytes)).toBe(false)
  }
})
