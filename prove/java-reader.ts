/**
 * A third opinion, once per run on Apache Kafka: Java's own console consumer reads the sinks with read_committed. Its
 * start takes seconds, so kcat judges every trial and this one only whether kcat sees what Java sees.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { kafkaToolsClassPath } from '../test/support/kafka-jars.ts'
import { readCommitted } from './foreign-reader.ts'
import type { Scenario } from './scenario.ts'
import { leavePrepared } from './scenarios/steps.ts'

/** It ends when nothing has come for this long. */
const IDLE_MS = 5_000

/** Every committed value of a topic, sorted. */
async function valuesByJava(version: string, bootstrap: string, topic: string): Promise<string[]> {
  const tool = 'org.apache.kafka.tools.consumer.ConsoleConsumer'
  const flags = ['--isolation-level', 'read_committed', '--from-beginning', '--timeout-ms', String(IDLE_MS)]
  const classPath = await kafkaToolsClassPath(version)
  const args = [
    '-Xmx128m',
    '-cp',
    classPath,
    tool,
    '--bootstrap-server',
    bootstrap,
    '--topic',
    topic,
    ...flags,
  ]
  const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', chunk => (complaint += chunk))
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  const values: string[] = []
  for await (const line of createInterface({ input: child.stdout })) values.push(line)
  await closed
  const [, total] = /Processed a total of (\d+) messages/.exec(complaint) ?? []
  if (Number(total) !== values.length)
    throw new Error(`the console consumer failed: ${complaint.slice(-500)}`)
  return values.sort()
}

export const javaReader = (version: string): Scenario => ({
  family: 'readers',
  name: `Java's console consumer ${version} sees what kcat sees`,
  async run(trial) {
    await leavePrepared(trial)
    await trial.startAndDie('kafka.flush.after=kill@5')
    await trial.finish()
    const { bootstrap } = trial.broker
    const steps = ['killed at kafka.commit.before', 'killed again at kafka.flush.after']
    for (const topic of [trial.topics.totals, trial.topics.large_payments]) {
      const byJava = await valuesByJava(version, bootstrap, topic)
      const byKcat = (await readCommitted(bootstrap, topic)).map(({ value }) => value).sort()
      if (byJava.join('\n') !== byKcat.join('\n'))
        trial.complain(
          `Java reads ${byJava.length} records of ${topic}, kcat ${byKcat.length}, and they differ`,
        )
      steps.push(`${byJava.length} records of ${topic.split('.').at(-1)} read by Java`)
    }
    return steps
  },
})
