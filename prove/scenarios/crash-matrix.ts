/** SIGKILL at a named step, SIGKILL again while the next process recovers, then a third one must set all right. */
import type { ProveOptions } from '../options.ts'
import type { Scenario } from '../scenario.ts'

const killedTwice = (point: string, again: string): Scenario => ({
  family: 'crash matrix',
  name: `${point}, then ${again}`,
  async run(trial) {
    await trial.startAndDie(`${point}=kill@3`)
    await trial.startAndDie(`${again}=kill`)
    await trial.finish()
    return [`killed at ${point}`, `killed again at ${again}`]
  },
})

export function crashMatrix(_options: ProveOptions): Scenario[] {
  return [
    killedTwice('kafka.commit.before', 'kafka.recover.fence.after'),
    killedTwice('kafka.witness.after', 'kafka.recover.verify'),
    killedTwice('checkpoint.after-manifest', 'kafka.recover.commit.after'),
  ]
}
