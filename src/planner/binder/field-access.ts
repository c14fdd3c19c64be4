import { nearestName } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { Identifier } from '../../parser/index.ts'
import { typeToString } from '../../types/index.ts'
import { bindError } from './bind-error.ts'
import { textLiteral } from './bind-literal.ts'
import { call } from './call.ts'

/** `base.field` of a ROW. */
export function accessField(base: BoundExpression, field: Identifier): BoundExpression {
  if (base.type.kind !== 'ROW') {
    throw bindError(
      'MR_BIND_NOT_A_ROW',
      `'.${field.name}' needs a ROW on its left, not ${typeToString(base.type)}`,
      field.position,
    )
  }
  const names = base.type.fields.map(f => f.name)
  if (!names.includes(field.name)) {
    throw bindError('MR_BIND_UNKNOWN_FIELD', `the ROW has no field '${field.name}'`, field.position, {
      nearest: nearestName(field.name, names),
      expected: names,
    })
  }
  return call('FIELD', [base, textLiteral(field.name)], field.position)
}

/** `base.a.b`. */
export const accessPath = (base: BoundExpression, fields: readonly Identifier[]): BoundExpression =>
  fields.reduce(accessField, base)
