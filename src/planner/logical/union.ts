import { withNullable } from '../../types/index.ts'
import type { OutputField } from '../plan-graph/plan-graph.ts'
import { field } from './field.ts'
import type { LogicalPlan } from './logical-plan.ts'

/** UNION ALL. The binder made the column types equal but for nullability. */
export interface Union {
  readonly kind: 'Union'
  readonly inputs: readonly LogicalPlan[]
  readonly output: readonly OutputField[]
}

/** A column stays a time attribute only if it is the same kind of one in every input. */
export function union(inputs: readonly LogicalPlan[]): Union {
  const output = inputs[0]!.output.map((first, i): OutputField => {
    const columns = inputs.map(input => input.output[i]!)
    const nullable = columns.some(c => c.type.nullable)
    const attribute = columns.every(c => c.timeAttribute === first.timeAttribute)
      ? first.timeAttribute
      : undefined
    return field(first.name, withNullable(first.type, nullable), attribute)
  })
  return { kind: 'Union', inputs, output }
}
