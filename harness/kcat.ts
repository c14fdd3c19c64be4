/** kcat, that is librdkafka: a reader of other make. It reads topics under read_committed. */
import { spawn, spawnSync } from 'node:child_process'

export interface ForeignRecord {
  readonly partition: number
  /** null = the record has no key. */
  readonly key: string | null
  readonly value: string
}

const TIMEOUT_MS = 60_000

/** `kcat 1.7.1, librdkafka 2.0.2`, or null when it is not installed. */
export function kcatVersion(): string | null {
  const { status, stdout, stderr } = spawnSync('kcat', ['-V'], { encoding: 'utf8' })
  if (status !== 0) return null
  const text = `${stdout}${stderr}`
  const [, own] = /Version ([\d.]+)/.exec(text) ?? []
  const [, library] = /librdkafka ([\w.-]+)/.exec(text) ?? []
  return `kcat ${own ?? '?'}, librdkafka ${library ?? '?'}`
}

/** Every committed record of a topic up to the last stable offset, in no certain order of partitions. */
export async function readCommitted(bootstrap: string, topic: string): Promise<ForeignRecord[]> {
  const format = '%p\t%K\t%k\t%s\\n'
  const args = ['-C', '-b', bootstrap, '-t', topic, '-o', 'beginning', '-e', '-q', '-f', format]
  // Without the short wait it hangs half a second on the end of each partition.
  const settings = ['-X', 'isolation.level=read_committed', '-X', 'fetch.wait.max.ms=20']
  const child = spawn('kcat', [...args, ...settings], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  let text = ''
  let complaint = ''
  child.stdout.setEncoding('utf8').on('data', chunk => (text += chunk))
  child.stderr.setEncoding('utf8').on('data', chunk => (complaint += chunk))
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  if (code !== 0) throw new Error(`kcat ended with ${code} on topic ${topic}: ${complaint.trim()}`)
  return text.split('\n').flatMap(line => (line === '' ? [] : [parseLine(line)]))
}

function parseLine(line: string): ForeignRecord {
  const [partition, keyLength, key, ...value] = line.split('\t')
  return {
    partition: Number(partition),
    key: Number(keyLength) < 0 ? null : (key ?? ''),
    value: value.join('\t'),
  }
}
