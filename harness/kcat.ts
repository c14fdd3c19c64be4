/** A second opinion of other make: kcat (librdkafka) reads the sink with read_committed, where it is installed. */
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

export const hasKcat = (): boolean => spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0

/** Every committed value of a topic, in no certain order. */
export async function readWithKcat(bootstrap: string, topic: string): Promise<string[]> {
  const args = ['-C', '-b', bootstrap, '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%s\\n']
  const child = spawn('kcat', [...args, '-X', 'isolation.level=read_committed'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', chunk => (complaint += chunk))
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const values: string[] = []
  for await (const line of createInterface({ input: child.stdout })) values.push(line)
  const code = await exited
  if (code !== 0) throw new Error(`kcat exited with ${code}: ${complaint.trim()}`)
  return values
}
