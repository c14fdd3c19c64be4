import { assertNever } from '../../errors/index.ts'
import type {
  Expression,
  FunctionCall,
  JsonEntry,
  JsonExpression,
  JsonNullClause,
  JsonValueBehavior,
  TypeName,
} from '../ast/index.ts'
import { printExpression } from './expression.ts'
import { printOrderItem, printOver } from './query.ts'
import { printType } from './type.ts'
import { clause, listed, type Piece, spaced } from './words.ts'

/** The SQL/JSON functions. */
export function printJson(json: JsonExpression): string {
  switch (json.kind) {
    case 'JsonExists':
      return `JSON_EXISTS(${spaced(operands(json), json.onError && `${json.onError} ON ERROR`)})`
    case 'JsonValue':
      return `JSON_VALUE(${spaced(
        operands(json),
        returning(json.returning),
        json.onEmpty && `${behavior(json.onEmpty)} ON EMPTY`,
        json.onError && `${behavior(json.onError)} ON ERROR`,
      )})`
    case 'JsonQuery':
      return `JSON_QUERY(${spaced(
        operands(json),
        returning(json.returning),
        json.wrapper &&
          (json.wrapper === 'WITHOUT' ? 'WITHOUT ARRAY WRAPPER' : `WITH ${json.wrapper} ARRAY WRAPPER`),
        json.onEmpty && `${json.onEmpty} ON EMPTY`,
        json.onError && `${json.onError} ON ERROR`,
      )})`
    case 'JsonObject':
      return `JSON_OBJECT(${spaced(listed(json.entries, entry), onNull(json.onNull))})`
    case 'JsonArray':
      return `JSON_ARRAY(${spaced(listed(json.elements, printExpression), onNull(json.onNull))})`
    case 'JsonObjectAgg':
      return spaced(`JSON_OBJECTAGG(${spaced(entry(json), onNull(json.onNull))})`, ...aggregateTail(json))
    case 'JsonArrayAgg': {
      const orderBy = clause('ORDER BY', json.orderBy, items => listed(items, printOrderItem))
      const inside = spaced(printExpression(json.element), orderBy, onNull(json.onNull))
      return spaced(`JSON_ARRAYAGG(${inside})`, ...aggregateTail(json))
    }
    default:
      return assertNever(json, 'JSON function')
  }
}

const operands = ({ input, path }: { readonly input: Expression; readonly path: Expression }) =>
  `${printExpression(input)}, ${printExpression(path)}`

const returning = (type: TypeName | undefined): Piece => type && `RETURNING ${printType(type)}`

const behavior = (value: JsonValueBehavior) =>
  value.kind === 'Default' ? `DEFAULT ${printExpression(value.value)}` : value.kind.toUpperCase()

const entry = ({ key, value }: JsonEntry) => `KEY ${printExpression(key)} VALUE ${printExpression(value)}`

const onNull = (value: JsonNullClause | undefined): Piece => value && `${value} ON NULL`

const aggregateTail = ({ filter, over }: Pick<FunctionCall, 'filter' | 'over'>): readonly Piece[] => [
  filter && `FILTER (WHERE ${printExpression(filter)})`,
  over && `OVER ${printOver(over)}`,
]
