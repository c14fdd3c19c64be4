import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Lease } from '../../../src/checkpoint/lease.ts'

describe('Lease', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-lease-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  it('is refused while another owner lives, and raises the incarnation after it', async () => {
    const first = await Lease.acquire(join(directory, 'job'))
    await expect(Lease.acquire(join(directory, 'job'))).rejects.toMatchObject({ code: 'MR_STATE_DIR_IN_USE' })
    await first.check()
    await first.release()
    const second = await Lease.acquire(join(directory, 'job'))
    expect(second.incarnation).toBe(first.incarnation + 1)
    await second.release()
  })

  it('tells a replaced owner', async () => {
    const lease = await Lease.acquire(directory)
    await writeFile(
      join(directory, 'lease.json'),
      JSON.stringify({ incarnation: 9, token: 'x', pid: 1, startedAt: 'now' }),
    )
    await expect(lease.check()).rejects.toMatchObject({ code: 'MR_LEASE_LOST', retriable: false })
    await lease.release()
  })

  it.each(['{"incarnation":', 'null', '{"incarnation":"7"}', '{"incarnation":1e300}', '{"token":"x"}', '2'])(
    'with a lease damaged to %s stays above the checkpoints that are there',
    async text => {
      for (const name of ['chk-12-3', 'savepoint-4-5', 'chk-9-1']) await mkdir(join(directory, name))
      await writeFile(join(directory, 'lease.json'), text)
      const lease = await Lease.acquire(directory)
      expect(lease.incarnation).toBe(6)
      await lease.check()
      await lease.release()
    },
  )

  it('takes over the socket file of a dead owner', async () => {
    await writeFile(join(directory, 'lease.sock'), '')
    const lease = await Lease.acquire(directory)
    await lease.check()
    await lease.release()
  })

  it('leaves the socket of the next owner alone, released or ended', async () => {
    const first = await Lease.acquire(directory)
    const program = `
      const { Lease } = await import(${JSON.stringify(new URL('../../../src/checkpoint/lease.ts', import.meta.url))})
      await Lease.acquire(${JSON.stringify(directory)})
      console.log('taken')
      process.stdin.once('data', () => process.exit(0))`
    // As on a disk whose machines do not see each other's sockets.
    const socket = join(directory, 'lease.sock')
    await rm(socket)
    const second = spawn(process.execPath, ['--input-type=module', '-e', program])
    await once(second.stdout, 'data')
    await rm(socket)
    const third = await Lease.acquire(directory)
    await first.release()
    second.stdin.write('end')
    await once(second, 'exit')
    expect(second.exitCode).toBe(0)
    await expect(Lease.acquire(directory)).rejects.toMatchObject({ code: 'MR_STATE_DIR_IN_USE' })
    await third.release()
    expect(await readdir(directory)).toEqual(['lease.json'])
  })

  it('removes what starts left behind that died early', async () => {
    await writeFile(join(directory, 'lease.sock.0a1b2c'), '')
    const lease = await Lease.acquire(directory)
    expect((await readdir(directory)).sort()).toEqual(['lease.json', 'lease.sock'])
    await lease.release()
  })

  it('says when the directory cannot be written', async () => {
    await writeFile(join(directory, 'file'), '')
    await expect(Lease.acquire(join(directory, 'file', 'job'))).rejects.toMatchObject({
      code: 'MR_STATE_DIR_NOT_WRITABLE',
    })
  })
})
