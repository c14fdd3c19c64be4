import { assertNever } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { Expression, JsonExpression, JsonValueBehavior, TypeName } from '../../parser/index.ts'
import { canCast, stringType, typeToString } from '../../types/index.ts'
import { nullLiteral } from '../expression-rewrite.ts'
import { bindError, unsupported } from './bind-error.ts'
import { textLiteral } from './bind-literal.ts'
import { bindType } from './bind-type.ts'
import { call } from './call.ts'

/**
 * The SQL/JSON functions as calls with their clauses as trailing literal arguments:
 * JSON_EXISTS(input, path, onError), JSON_VALUE(input, path, onEmpty, default, onError, default),
 * JSON_QUERY(input, path, wrapper, onEmpty, onError), JSON_OBJECT(onNull, k, v, …), JSON_ARRAY(onNull, v, …).
 * RETURNING is a cast around JSON_VALUE.
 */
export function bindJson(e: JsonExpression, bind: (inner: Expression) => BoundExpression): BoundExpression {
  switch (e.kind) {
    case 'JsonExists':
      return call('JSON_EXISTS', [bind(e.input), bind(e.path), textLiteral(e.onError ?? 'FALSE')], e.position)
    case 'JsonValue': {
      const behavior = (b: JsonValueBehavior | undefined) =>
        b?.kind === 'Default'
          ? [textLiteral('DEFAULT'), bind(b.value)]
          : [textLiteral((b?.kind ?? 'Null').toUpperCase()), nullLiteral(stringType())]
      const args = [bind(e.input), bind(e.path), ...behavior(e.onEmpty), ...behavior(e.onError)]
      return returning(call('JSON_VALUE', args, e.position), e.returning)
    }
    case 'JsonQuery': {
      const clauses = [e.wrapper ?? 'WITHOUT', e.onEmpty ?? 'NULL', e.onError ?? 'NULL'].map(textLiteral)
      return returning(call('JSON_QUERY', [bind(e.input), bind(e.path), ...clauses], e.position), e.returning)
    }
    case 'JsonObject': {
      const entries = e.entries.flatMap(entry => [bind(entry.key), bind(entry.value)])
      return call('JSON_OBJECT', [textLiteral(e.onNull ?? 'NULL'), ...entries], e.position)
    }
    case 'JsonArray':
      return call('JSON_ARRAY', [textLiteral(e.onNull ?? 'ABSENT'), ...e.elements.map(bind)], e.position)
    case 'JsonObjectAgg':
    case 'JsonArrayAgg':
      throw unsupported(
        'JSON aggregates are not supported yet',
        e.position,
        'use LISTAGG, or JSON_OBJECT per row',
      )
    default:
      return assertNever(e, 'JSON function')
  }
}

function returning(e: BoundExpression, name: TypeName | undefined): BoundExpression {
  if (name === undefined) return e
  const type = bindType(name)
  if (!canCast(e.type, type)) {
    throw bindError('MR_BIND_CAST', `RETURNING ${typeToString(type)} is not possible`, name.position)
  }
  return { kind: 'Cast', operand: e, safe: false, type: { ...type, nullable: true } as typeof type }
}
