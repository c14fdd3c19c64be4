/** CHAR_LENGTH: code points. */
import { countCodePoints } from '../../../types/index.ts'
import { inline, type ScalarSpec } from '../../function-spec.ts'

export const charLength: ScalarSpec = {
  names: ['CHAR_LENGTH', 'CHARACTER_LENGTH', 'LENGTH'],
  signatures: ['(STRING) -> INT'],
  nulls: 'propagate',
  implement: () =>
    inline((context, [text]) => `${context.constant(countCodePoints)}(${text!.join(', ')})`, { total: true }),
  naive: ([text]) => [...(text as string)].length,
  doc: 'Number of characters (code points).',
  examples: [
    { sql: "CHAR_LENGTH('abc')", result: '3' },
    { sql: "CHARACTER_LENGTH('né😀')", result: '3' },
  ],
}
