import { findCoordinator } from '../../../src/dev-broker/protocol/find-coordinator.ts'
import { WireClient } from '../../broker/dev-broker/wire-client.ts'
import { groupScenarios } from './group-scenarios.ts'
import { logScenarios } from './log-scenarios.ts'
import { coordinated, type Scenario } from './stage.ts'
import { transactionScenarios } from './transaction-scenarios.ts'
import { versionScenarios } from './version-scenarios.ts'

export const scenarios: Readonly<Record<string, Scenario>> = {
  ...transactionScenarios,
  ...logScenarios,
  ...groupScenarios,
  ...versionScenarios,
}

/** Plays one scenario; the transcript is one line a fact. */
export async function play(bootstrap: string, name: string): Promise<string[]> {
  const lines: string[] = []
  const say = (what: string, fact: unknown) => lines.push(`${what}: ${JSON.stringify(fact)}`)
  using client = await WireClient.connect(bootstrap)
  using other = await WireClient.connect(bootstrap)
  // Kafka makes the coordinators' topics when it is first asked for them.
  for (const keyType of [0, 1]) {
    await coordinated(
      () => client.send(findCoordinator, 2, { key: name, keyType, keys: [] }),
      answer => answer.errorCode,
    )
  }
  await scenarios[name]!({ client, other, bootstrap, say, name })
  return lines
}
