/** Three-valued AND, OR, NOT. The right side of AND and OR is evaluated only when the left does not decide. */
import { inline, type ScalarSpec } from '../../function-spec.ts'

export const and: ScalarSpec = {
  names: ['AND'],
  signatures: ['(BOOLEAN, BOOLEAN...) -> BOOLEAN'],
  nulls: 'lazy',
  naive: args => (args.includes(false) ? false : args.includes(null) ? null : true),
  doc: 'TRUE when all are TRUE, FALSE when one is FALSE, NULL otherwise.',
  examples: [
    { sql: 'TRUE AND FALSE', result: 'FALSE' },
    { sql: 'FALSE AND CAST(NULL AS BOOLEAN)', result: 'FALSE' },
    { sql: 'CAST(NULL AS BOOLEAN) AND TRUE', result: 'CAST(NULL AS BOOLEAN)' },
  ],
}

export const or: ScalarSpec = {
  names: ['OR'],
  signatures: ['(BOOLEAN, BOOLEAN...) -> BOOLEAN'],
  nulls: 'lazy',
  naive: args => (args.includes(true) ? true : args.includes(null) ? null : false),
  doc: 'TRUE when one is TRUE, FALSE when all are FALSE, NULL otherwise.',
  examples: [
    { sql: 'FALSE OR TRUE', result: 'TRUE' },
    { sql: 'CAST(NULL AS BOOLEAN) OR TRUE', result: 'TRUE' },
    { sql: 'CAST(NULL AS BOOLEAN) OR FALSE', result: 'CAST(NULL AS BOOLEAN)' },
  ],
}

export const not: ScalarSpec = {
  names: ['NOT'],
  signatures: ['(BOOLEAN) -> BOOLEAN'],
  nulls: 'propagate',
  implement: () => inline((_, [a]) => `!${a![0]}`, { total: true }),
  naive: ([a]) => a === false,
  doc: 'TRUE for FALSE, FALSE for TRUE, NULL for NULL.',
  examples: [
    { sql: 'NOT TRUE', result: 'FALSE' },
    { sql: 'NOT CAST(NULL AS BOOLEAN)', result: 'CAST(NULL AS BOOLEAN)' },
  ],
}
