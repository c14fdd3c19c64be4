/**
 * One client connection. Requests are answered strictly in order, one at a time, as a real broker does: a fetch that waits holds back
 * what follows it on the same connection. A request that breaks the grammar, or names an unknown API or version, closes the connection.
 */
import type { Socket } from 'node:net'
import type { Cluster } from '../cluster/cluster.ts'
import { WireError } from '../protocol/reader.ts'
import { FrameReader } from './frame-reader.ts'
import { process } from './process-request.ts'
import { type RequestFrame, readRequest } from './request-frame.ts'
import { SaslSession } from './sasl.ts'

/** Requests read ahead before the socket is paused. */
const maxQueued = 64
/** Bytes not yet taken by the client before the next request waits. */
const maxUnsentBytes = 16 * 1024 * 1024

export class Connection {
  readonly #cluster: Cluster
  readonly #nodeId: number
  readonly #socket: Socket
  readonly #sasl: SaslSession
  readonly #frames: Buffer[] = []
  readonly #closing = new AbortController()
  #isBusy = false

  constructor(cluster: Cluster, nodeId: number, socket: Socket) {
    this.#cluster = cluster
    this.#nodeId = nodeId
    this.#socket = socket
    this.#sasl = new SaslSession(cluster.settings.saslUsers)
    const reader = new FrameReader(cluster.settings.maxRequestBytes, frame => this.#enqueue(frame))
    socket.setNoDelay(true)
    socket.on('data', chunk => {
      if (!reader.push(chunk)) this.close('frame length out of bounds')
    })
    socket.on('error', error => this.#cluster.logger.debug('connection failed', { error: error.message }))
    socket.on('close', () => this.#closing.abort())
  }

  close(reason: string): void {
    if (this.#socket.destroyed) return
    this.#cluster.logger.debug('connection closed', { reason, nodeId: this.#nodeId })
    this.#closing.abort()
    this.#frames.length = 0
    this.#socket.destroy()
  }

  #enqueue(frame: Buffer): void {
    this.#frames.push(frame)
    if (this.#frames.length >= maxQueued) this.#socket.pause()
    if (!this.#isBusy) void this.#work()
  }

  /** Never rejects: every failure closes the connection. */
  async #work(): Promise<void> {
    this.#isBusy = true
    try {
      for (let frame = this.#frames.shift(); frame !== undefined; frame = this.#frames.shift()) {
        await this.#answer(frame)
        if (this.#frames.length === 0 && this.#socket.isPaused()) this.#socket.resume()
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#isBusy = false
    }
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof WireError) this.#cluster.logger.warn('malformed request', { message })
    else
      this.#cluster.logger.error('request failed', {
        message,
        stack: error instanceof Error ? error.stack : undefined,
      })
    this.close(message)
  }

  async #answer(bytes: Buffer): Promise<void> {
    const frame = readRequest(bytes)
    if (frame === undefined) return this.close('unknown API or version')
    const outcome = await process(frame, this.#contextOf(frame))
    if (this.#socket.destroyed) return
    if (outcome.answer !== undefined) await this.#send(outcome.answer)
    if (outcome.close) this.close('by request')
  }

  async #send(chunks: readonly Buffer[]): Promise<void> {
    this.#socket.cork()
    for (const chunk of chunks) this.#socket.write(chunk)
    this.#socket.uncork()
    if (this.#socket.writableLength < maxUnsentBytes) return
    await new Promise<void>(resolve => {
      const done = () => {
        this.#socket.off('drain', done)
        this.#socket.off('close', done)
        resolve()
      }
      this.#socket.on('drain', done)
      this.#socket.on('close', done)
    })
  }

  #contextOf(frame: RequestFrame) {
    return {
      cluster: this.#cluster,
      nodeId: this.#nodeId,
      apiKey: frame.route.key,
      apiVersion: frame.version,
      correlationId: frame.correlationId,
      clientId: frame.clientId,
      clientHost: this.#socket.remoteAddress ?? '',
      sasl: this.#sasl,
      signal: this.#closing.signal,
    }
  }
}
