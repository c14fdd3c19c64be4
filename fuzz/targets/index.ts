/** Every fuzz target. */
import type { Target } from '../target.ts'
import { brokerRequests } from './broker-requests.ts'
import { checkpoint } from './checkpoint.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import { kafkaResponses } from './kafka-responses.ts'
import { recordBatch } from './record-batch.ts'
import { sql } from './sql.ts'
import { stateFile } from './state-file.ts'

export const targets: readonly Target[] = [
  sql,
  json,
  csv,
  recordBatch,
  stateFile,
  checkpoint,
  kafkaResponses,
  brokerRequests,
]

export function findTarget(name: string): Target {
  const target = targets.find(one => one.name === name)
  if (target === undefined)
    throw new Error(`there is no fuzz target '${name}'; there are ${targets.map(one => one.name).join(', ')}`)
  return target
}
