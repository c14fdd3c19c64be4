/** Options every connector has. */
import type { OptionSpec } from '../../catalog/index.ts'

export const connectorOption = (name: string): OptionSpec => ({
  key: 'connector',
  type: 'enum',
  values: [name],
  required: true,
  doc: 'Which connector the table uses.',
})
